"""Whether the last average is kept in place of the best on codes: judged by images."""

import numpy as np

from m2m_tf.minds.image_judge import ImageJudge, can_judge, count_images
from m2m_tf.progress import never_silent, show_progress
from m2m_tf.workers import take_from_chief


def choose_last(mind, last, is_by_heart, verbose=0):
    """Gives the average its last weights, where images of these are nearer to held-out ones.

    Distances of codes weigh what is seen and what is not alike, so the nearest average to held-out
    codes need not make the nearest images.

    Args:
        mind: A trained `Mind2Mind` whose average is the best on held-out codes.
        last: The average's weights at the end of training, arrays.
        is_by_heart: A function that says whether the average, as it stands, returns codes that it
            was shown.
        verbose: Whether to say what is done, and what was found.

    Returns:
        Whether the last was taken; None where it is not judged: of fewer than 50 held-out codes, or
        of images of more than 400 pixels a side.
    """
    if not can_judge(mind):
        return None
    average, count = mind.average, count_images(mind)
    best = [weight.numpy() for weight in average.variables]
    show_progress(verbose, f"Judging by {count} images whether the last average is nearer")
    with never_silent(verbose, "judging"):
        judge = ImageJudge(mind)
        of_best = judge.distance()
        _give(average, last)
        of_last = None if is_by_heart() else judge.distance()
    nearer = of_last is not None and of_last < of_best  # whose codes a look found finite
    if mind.workers.are_many:
        [nearer] = take_from_chief(mind.distribute_strategy, [np.float32(nearer)])
    if not nearer:
        _give(average, best)
    show_progress(verbose, _sentence(nearer, of_best, of_last, judge))
    return bool(nearer)


def _give(average, weights):
    for variable, weight in zip(average.variables, weights, strict=True):
        variable.assign(weight)


def _sentence(nearer, of_best, of_last, judge):
    if of_last is None:
        return "It stays: the last average returns codes that it was shown."
    what = (
        f"{judge.count} images beside as many of held-out codes have a kernel distance "
        f"({judge.extractor.name}) of {of_last:.3g}, of the kept average {of_best:.3g}"
    )
    return f"Kept in its place: the last average: {what}." if nearer else f"It stays: {what}."
