"""Each file of the package has its test: `m2m_tf/files/lock.py` has `tests/files/test_lock.py`.

A file that another test covers is listed here with that test. The list may only become shorter.
"""

from pathlib import Path

ROOT = Path(__file__).parents[1]
COVERED = {
    "autoencoders/check.py": "autoencoders/test_autoencoder.py",
    "autoencoders/pairs/plan.py": "autoencoders/pairs/test_convolutional.py",
    "autoencoders/pairs/tiny_steps.py": "autoencoders/pairs/test_tiny.py",
    "autoencoders/pretraining/resume.py": "autoencoders/pretraining/test_pretrain.py",
    "callbacks/target.py": "callbacks/test_evaluation.py",
    "cli/commands/demo.py": "cli/commands/test_transfer.py",
    "cli/commands/serve.py": "serving/server/test_server.py",
    "cli/flags.py": "cli/test_main.py",
    "codes/fill_by_workers.py": "minds/test_workers.py",
    "data/hints.py": "test_hints.py",
    "data/paths.py": "data/test_load.py",
    "data/readers/demo.py": "data/test_load.py",
    "data/readers/elements.py": "data/readers/test_datasets.py",
    "data/readers/files.py": "data/readers/test_folder.py",
    "data/resized.py": "data/test_resize.py",
    "data/source_labels.py": "data/test_labels.py",
    "evaluation/assessment_page.py": "evaluation/test_assess.py",
    "evaluation/baselines/baseline.py": "evaluation/baselines/test_fit.py",
    "evaluation/evaluation_page.py": "evaluation/test_evaluate.py",
    "evaluation/examine.py": "evaluation/test_assess.py",
    "evaluation/features.py": "evaluation/test_moved_rooms.py",
    "evaluation/metrics.py": "evaluation/test_moved_rooms.py",
    "evaluation/ranking_page.py": "evaluation/test_rank.py",
    "evaluation/rows.py": "evaluation/test_assess.py",
    "evaluation/theory.py": "evaluation/test_moved_rooms.py",
    "features/converted.py": "cli/commands/test_extractors.py",
    "features/feature_maps.py": "features/test_extractor.py",
    "features/features.py": "features/test_extractor.py",
    "features/get.py": "features/test_extractor.py",
    "features/inception_2015_network.py": "features/test_inception_2015.py",
    "features/inception_2015_weights.py": "features/test_inception_2015.py",
    "features/model.py": "features/test_extractor.py",
    "features/squeezenet_network.py": "features/test_squeezenet.py",
    "features/squeezenet_weights.py": "features/test_squeezenet.py",
    "features/weights.py": "features/test_catalogue.py",
    "files/pickled_arrays.py": "files/test_safe_pickle.py",
    "metrics/labels.py": "evaluation/test_assess.py",
    "metrics/limits.py": "metrics/test_measure.py",
    "minds/logs.py": "minds/test_mind2mind.py",
    "minds/losses/loss.py": "minds/losses/test_get.py",
    "minds/priors/fit_mixture.py": "minds/priors/test_mixture.py",
    "minds/training.py": "minds/test_checkpoints.py",
    "minds/training_step.py": "minds/test_mind2mind.py",
    "pictures/files.py": "pictures/test_folder.py",
    "reports/embed.py": "reports/test_page.py",
    "reports/parts.py": "reports/test_page.py",
    "runs/assess.py": "cli/commands/test_assess.py",
    "runs/defaults.py": "cli/test_main.py",
    "runs/evaluate.py": "cli/commands/test_evaluate.py",
    "runs/export.py": "cli/commands/test_export.py",
    "runs/extra.py": "cli/test_main.py",
    "runs/facts.py": "cli/commands/test_export.py",
    "runs/generate.py": "cli/commands/test_generate.py",
    "runs/labels.py": "cli/test_labels.py",
    "runs/metrics_file.py": "runs/test_transfer.py",
    "runs/pictures.py": "runs/test_transfer.py",
    "runs/pretrain.py": "cli/commands/test_pretrain.py",
    "runs/stderr.py": "cli/test_quiet.py",
    "serving/check.py": "serving/test_export.py",
    "serving/explorer/training_images.py": "serving/explorer/test_explore.py",
    "serving/formats/latent_to_images.py": "serving/test_export.py",
    "serving/formats/onnx_file.py": "cli/commands/test_export.py",
    "serving/formats/tflite_file.py": "cli/commands/test_export.py",
    "serving/model_card.py": "cli/commands/test_export.py",
    "serving/served_model.py": "serving/test_export.py",
    "serving/server/app.py": "serving/server/test_server.py",
    "serving/server/limits.py": "serving/server/test_server.py",
    "serving/server/model.py": "serving/server/test_server.py",
    "serving/server/serve.py": "serving/server/test_server.py",
    "serving/signatures.py": "serving/test_export.py",
    "theory/checks.py": "theory/test_certificate.py",
    "version.py": "packaging/test_project_files.py",
    "workers.py": "minds/test_workers.py",
}
MOST = 80  # lower it with the list


def mirror(path):
    """The test that mirrors a file of the package."""
    return ROOT / "tests" / Path(path).parent / f"test_{Path(path).name}"


def test_each_file_of_the_package_has_a_test_or_is_listed_with_the_one_that_covers_it():
    package = ROOT / "m2m_tf"
    files = {path.relative_to(package).as_posix() for path in package.rglob("*.py")}
    files = {file for file in files if not file.endswith("__init__.py")}
    assert {file for file in files if not mirror(file).is_file()} == set(COVERED)


def test_what_the_list_names_is_there():
    assert {test for test in COVERED.values() if not (ROOT / "tests" / test).is_file()} == set()


def test_the_list_becomes_shorter():
    assert len(COVERED) <= MOST
