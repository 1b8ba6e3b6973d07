"""The page: its parts, and what happens when one is used."""

import functools
import time

import gradio as gr
from starlette.middleware import Middleware

from m2m_tf.serving.explorer.explore import pictures_of
from m2m_tf.serving.server.hosts import HostCheck
from m2m_tf.serving.server.limits import ClosedPaths, Limits, RequestLimit

MOST_SHOWN, FRAMES = 64, 24
UPLOAD = 20_000_000  # bytes of a picture that is given
FRAME = 10_000  # bytes that a form has around a file
CLOSED = ("/config", "/openapi.json", "/gradio_api/openapi.json", "/docs", "/redoc")
KEPT_SECONDS = 3600  # that Gradio keeps pictures which it has shown
AS_HIGH_AS_ITS_PICTURES = """
.pictures, .pictures .grid-wrap {
  height: auto !important; min-height: 0 !important; overflow: visible !important;
}
"""
LOCAL_FONTS = {"font": ["system-ui", "sans-serif"], "font_mono": ["monospace"]}
NEAREST = (
    "the training images whose codes are nearest. Distances are in units of the usual one, from a"
    " training image to the next: far below 1 is a copy."
)
NO_TARGET = (
    "Nearest training images are not shown: start the page with --target, the images that the model"
    " was trained on."
)


def make_page(explorer, title):
    """Builds the page.

    Args:
        explorer: An `Explorer`.
        title: What stands above the page.

    Returns:
        A `gradio.Blocks`.
    """
    with gr.Blocks(
        title=title, analytics_enabled=False, delete_cache=(KEPT_SECONDS, KEPT_SECONDS)
    ) as page:
        gr.Markdown(f"# {title}")
        trained = explorer.training_images
        for note in [NO_TARGET] if trained is None else trained.notes:
            gr.Markdown(note)
        with gr.Tab("Generate"):
            _add_generate(page, explorer)
        with gr.Tab("Walk"):
            _add_walk(explorer)
        with gr.Tab("Reconstruct"):
            _add_reconstruct(explorer)
    return page


def open_page(page, host, port, show_address, allowed_hosts=()):
    """Serves the page until Ctrl-C.

    Args:
        page: What `make_page` built.
        host, port: Where to listen.
        show_address: Called with the address.
        allowed_hosts: Further names that requests may call the page by, "*" for any.
    """
    guards = [
        Middleware(HostCheck, host=host, allowed=allowed_hosts),
        Middleware(ClosedPaths, paths=CLOSED),
        Middleware(RequestLimit, limits=Limits(bytes=UPLOAD + FRAME)),
    ]
    _, address, _ = page.launch(
        server_name=host,
        server_port=port,
        quiet=True,
        share=False,
        prevent_thread_lock=True,
        footer_links=[],
        theme=gr.themes.Base(**LOCAL_FONTS),
        css=AS_HIGH_AS_ITS_PICTURES,
        max_file_size=UPLOAD,
        app_kwargs={"openapi_url": None, "middleware": guards},
    )
    show_address(address)
    try:
        while page.is_running:
            time.sleep(0.1)
    except KeyboardInterrupt:
        pass
    finally:
        page.close(verbose=False)


def _add_generate(page, explorer):
    codes = gr.State()
    with gr.Row():
        with gr.Column(scale=1):
            number = gr.Slider(1, MOST_SHOWN, 16, step=1, label="Images", elem_id="number")
            seed, truncation, label = _choices(explorer, "generate")
            button = gr.Button("Generate", variant="primary", elem_id="generate")
            download = gr.DownloadButton("Download PNG", elem_id="download-png")
        with gr.Column(scale=3):
            gallery = _gallery("generated", columns=8)
            neighbours = _neighbours(explorer, "neighbours", "Choose an image to see " + NEAREST)
    inputs = [number, seed, truncation, label]
    made = functools.partial(_generate, explorer)
    for event in (button.click, page.load):
        event(made, inputs, [gallery, codes, download])

    def chosen(codes, event: gr.SelectData):  # Gradio looks at the annotation
        code = codes[event.index][None]
        return [(event.value["image"]["path"], "this image"), *explorer.neighbours(code)]

    if explorer.training_images is not None:
        gallery.select(chosen, codes, neighbours)


def _add_walk(explorer):
    with gr.Row():
        with gr.Column(scale=1):
            first, truncation, label = _choices(explorer, "walk", "From seed")
            second = gr.Number(1, label="To seed", precision=0, elem_id="walk-second")
            frames = gr.Slider(2, 96, FRAMES, step=1, label="Frames")
            button = gr.Button("Walk", variant="primary", elem_id="walk")
            download = gr.DownloadButton("Download GIF", elem_id="download-gif")
        with gr.Column(scale=3):
            picture = _picture("There and back", "walked", type="filepath", interactive=False)

    def walk(*inputs):
        path = _show_refusals(explorer.walk, *inputs)
        return path, path

    button.click(walk, [first, second, frames, truncation, label], [picture, download])


def _add_reconstruct(explorer):
    with gr.Row():
        given = _picture("Your image", "given", type="filepath", sources=["upload", "clipboard"])
        given.preprocess = _path  # Gradio would decode it, whatever its size
        taken = _picture("As the model takes it", "taken", format="png")
        made = _picture("Encoded and decoded", "reconstructed", format="png")
    neighbours = _neighbours(explorer, "given-neighbours", "Below: " + NEAREST)

    def reconstruct(picture):
        if picture is None:
            return [None] * len(outputs)
        *images, code = explorer.reconstruct(_show_refusals(explorer.read, picture))
        near = [] if neighbours is None else [explorer.neighbours(code)]
        return [pictures_of(image)[0] for image in images] + near

    outputs = [taken, made] + ([] if neighbours is None else [neighbours])
    given.change(reconstruct, given, outputs)


def _path(uploaded):
    """The file of a picture that was uploaded."""
    return None if uploaded is None else uploaded.path


def _choices(explorer, name, seed_label="Seed"):
    """Seed, truncation and class."""
    seed = gr.Number(0, label=seed_label, precision=0, elem_id=f"{name}-seed")
    truncation = gr.Slider(
        0.0, 1.0, 1.0, step=0.05, label="Truncation: less is more typical", elem_id=f"{name}-psi"
    )
    label = gr.Dropdown(
        list(explorer.labels) or None,
        value=explorer.labels[0] if explorer.labels else None,
        label="Class",
        visible=bool(explorer.labels),
        elem_id=f"{name}-class",
    )
    return seed, truncation, label


def _picture(title, name, **settings):
    with gr.Column():
        gr.Markdown(title)
        return gr.Image(show_label=False, elem_id=name, **settings)


def _neighbours(explorer, name, about):
    if explorer.training_images is None:
        return None
    gr.Markdown(about)
    return _gallery(name, columns=7)


def _gallery(name, columns):
    return gr.Gallery(
        columns=columns,
        format="png",
        show_label=False,
        allow_preview=False,
        object_fit="contain",
        elem_classes="pictures",
        elem_id=name,
    )


def _generate(explorer, *inputs):
    images, codes = _show_refusals(explorer.sample, *inputs)
    return pictures_of(images), codes, explorer.save_png(images)


def _show_refusals(function, *inputs):
    """Calls a function; what it refuses is shown on the page, and not as "Error" alone."""
    try:
        return function(*inputs)
    except ValueError as error:
        raise gr.Error(str(error), print_exception=False) from error
