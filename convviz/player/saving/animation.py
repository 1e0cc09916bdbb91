"""Animations: GIF through Pillow, MP4 through imageio-ffmpeg, one frame in memory at a time."""

from itertools import groupby
from pathlib import Path

import numpy as np
from PIL import GifImagePlugin, Image, ImageChops

from convviz.player.saving.recording import Recording
from convviz.player.saving.stills import Stills
from convviz.trace import Array

_FRAMES_A_SECOND = 25
_ENCODING = ["-crf", "18", "-preset", "veryfast", "-tune", "animation", "-bf", "0", "-movflags", "+faststart"]
"""Without frames that are made of later ones (``-bf 0``), as their order in the file would hide how long each stays."""


def write_gif(path: Path, recording: Recording) -> None:
    """Write an animation that starts over and over, each frame only where it differs from the one before."""
    film = recording.film()
    schedule = recording.schedule(film.scene.flips)
    stills = Stills(film, recording.steps)
    before: Image.Image | None = None
    with path.open("wb") as file:
        for key, milliseconds in recording.counted(schedule):
            image = stills.image(key)
            if before is None:
                file.writelines(GifImagePlugin.getheader(image.copy(), info={"loop": 0})[0])
            left, top, right, bottom = _changed(before, image)
            part = image.crop((left, top, right, bottom))
            file.writelines(GifImagePlugin.getdata(part, (left, top), duration=milliseconds))
            before = image
        file.write(b";")


def write_mp4(path: Path, recording: Recording) -> None:
    """Write a video in H.264, which every browser and slide program plays: each frame once, however long it stays."""
    try:
        from imageio_ffmpeg import write_frames
    except ImportError as error:
        raise ImportError('.mp4 needs imageio-ffmpeg: pip install "convviz[video]"') from error
    film = recording.film()
    shown = _ticks(recording.schedule(film.scene.flips))
    height, width, _ = _even(film.frames.pixels(recording.steps[0])).shape
    video = write_frames(
        str(path),
        (width, height),
        pix_fmt_in="rgba",
        fps=_FRAMES_A_SECOND,
        codec="libx264",
        macro_block_size=2,
        output_params=[*_ENCODING, "-vf", f"setpts='{_times([ticks for _, ticks in shown])}'"],
    )
    video.send(None)
    try:
        for key, _ in recording.counted(shown):
            video.send(np.ascontiguousarray(_even(film.frames.pixels(key))))
    finally:
        video.close()
    if not path.exists():
        raise OSError("ffmpeg wrote nothing; what it said stands above, in the terminal")


def _ticks(schedule: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return for how many ticks of the video's clock each frame stays.

    The last one comes again at its end: players take a video to end with its last frame.
    """
    ticks = [(key, max(1, round(milliseconds * _FRAMES_A_SECOND / 1000))) for key, milliseconds in schedule]
    last, stays = ticks[-1]
    return [*ticks[:-1], (last, stays - 1), (last, 1)]


def _times(ticks: list[int]) -> str:
    """Write when each frame N appears, as an expression for ffmpeg: a line for each run of frames that stay alike.

    Examples
    --------
    >>> _times([17, 1, 1, 20])
    'if(lt(N,1),0+(N-0)*17,if(lt(N,3),17+(N-1)*1,19+(N-3)*20))'
    """
    lines, first, begins = [], 0, 0
    for stays, run in groupby(ticks):
        lines.append((first, f"{begins}+(N-{first})*{stays}"))
        count = len(list(run))
        first, begins = first + count, begins + count * stays
    *starts, (_, expression) = lines
    follow = [start for start, _ in lines[1:]]
    for (_, line), next_start in zip(reversed(starts), reversed(follow), strict=True):
        expression = f"if(lt(N,{next_start}),{line},{expression})"
    return expression


def _changed(before: Image.Image | None, image: Image.Image) -> tuple[int, int, int, int]:
    """Find the smallest box that holds every change; a single pixel where there is none."""
    if before is None:
        return (0, 0, *image.size)
    return ImageChops.subtract_modulo(image, before).getbbox() or (0, 0, 1, 1)


def _even(pixels: Array) -> Array:
    """Repeat the last row and column where a side is odd, as H.264 halves both."""
    height, width, _ = pixels.shape
    return np.pad(pixels, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge") if height % 2 or width % 2 else pixels
