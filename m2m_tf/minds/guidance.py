"""How far a flow is followed: judged by images of held-out codes, the start among the choices."""

import numpy as np

from m2m_tf.minds.flow import flow_of
from m2m_tf.minds.image_judge import ImageJudge, can_judge, count_images
from m2m_tf.progress import never_silent, show_progress
from m2m_tf.workers import take_from_chief

GUIDANCES = (0.0, 1.0, 1.3)  # the start, what was learned, and somewhat beyond it


def choose_guidance(mind, is_by_heart, verbose=0):
    """Sets the guidance of the average of a flow to that whose images are nearest to real ones.

    Each guidance makes images of the same latents; they are compared with held-out codes, decoded,
    in features of a network. A flow comes nearer to codes and may still make worse images than the
    mixture that it starts from: where codes are few for what they show, it makes their mean.

    Source: Karras et al., "Guiding a diffusion model with a bad version of itself", arXiv
    2406.02507, equation 2, the bad version being the start, whose velocity is 0.

    Args:
        mind: A trained `Mind2Mind` with a flow, and held-out codes.
        is_by_heart: A function that says whether the average, as it stands, returns codes that it
            was shown.
        verbose: Whether to say what is done, and what was found.

    Returns:
        The kernel distances, by guidance. None where it is not judged: of fewer than 50 held-out
        codes, of images of more than 400 pixels a side, or of a flow without a guidance.
    """
    flow = flow_of(mind.average)
    if not can_judge(mind) or not flow.measured:
        return None
    count = count_images(mind)
    show_progress(verbose, f"Judging by {count} images of each guidance how far to follow the flow")
    with never_silent(verbose, "judging"):
        judge = ImageJudge(mind)
        found = _distances(flow, judge, is_by_heart)
    chosen = min(found, key=found.get)
    if mind.workers.are_many:
        [chosen] = take_from_chief(mind.distribute_strategy, [np.float32(chosen)])
    flow.follow(chosen)
    show_progress(verbose, _sentence(float(chosen), found, judge))
    return found


def _distances(flow, judge, is_by_heart):
    """The kernel distance of each guidance; of those beyond 1 only where none is by heart."""
    found = {}
    for guidance in GUIDANCES:
        flow.follow(guidance)
        distance = judge.distance()
        if distance is not None and not (guidance > 1 and is_by_heart()):
            found[guidance] = distance
    return found


def _sentence(chosen, found, judge):
    listed = ", ".join(f"{guidance:g}: {distance:.3g}" for guidance, distance in found.items())
    what = (
        f"{judge.count} images beside as many of held-out codes have, at each guidance, a kernel "
        f"distance ({judge.extractor.name}) of {listed}"
    )
    if not chosen:
        return f"The mind is its start, the prior without a correction: {what}."
    return f"Followed {chosen:g} times as far as was learned: {what}."
