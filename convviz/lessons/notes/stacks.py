"""A stack of layers in numbers: sizes, sight, parameters, multiplications, and whether a linear layer fits."""

from convviz.geometry import Geometry, receptive_field
from convviz.lessons.notes.markup import code_block, folded, note, paragraphs, table
from convviz.lessons.states.stack import Stack
from convviz.operations.layers.parameters import conv_parameters, grouped


def stack_html(state: Stack) -> str:
    """Write a row for each layer.

    Examples
    --------
    >>> html = stack_html(Stack(layers="c3", size=6, filters=2))
    >>> "2×4×4" in html, " + 2 = 56" in html
    (True, True)
    """
    channels, sizes, counts, so_far = state.channels(), [], [], []
    for number, layer in enumerate(state.stack()):
        axis, read, made = layer.axis, channels[number], channels[number + 1]
        so_far.append(Geometry((axis,)))
        seen, name = receptive_field(so_far).size[0], _named(layer.word, axis.before)
        sizes.append([name, f"{made}×{axis.output}×{axis.output}", f"{seen}×{seen}"])
        if not layer.is_pool:
            weights = conv_parameters(read, made, (axis.kernel, axis.kernel))
            counts.append([name, str(weights), grouped(made * axis.output**2 * read * axis.kernel**2)])
    start = f"The input has 3×{state.size}×{state.size} numbers."
    tables = table(start, ["Layer", "Output", "Sees"], sizes)
    if counts:
        tables += table("Only convolutions have weights.", ["Layer", "Parameters", "Multiplications"], counts)
    return note("The layers in numbers", tables)


def _named(word: str, border: int) -> str:
    kind = "Pooling" if word.startswith("p") else "Convolution"
    size = word[1]
    more = [f"stride {word.partition('s')[2][0]}"] if "s" in word else []
    more += [f"dilation {word.partition('d')[2][0]}"] if "d" in word else []
    more += [f"padding {border}"] if border else []
    return ", ".join([f"{kind} {size}×{size}", *more])


def stack_code(state: Stack) -> str:
    """Write a stack and its linear layer in PyTorch.

    Examples
    --------
    >>> print(stack_code(Stack(layers="c3d2 p2", size=8, filters=4, features=16)))
    import torch
    from torch.nn import Conv2d, Flatten, Linear, MaxPool2d, Sequential
    model = Sequential(
        Conv2d(3, 4, 3, dilation=2),
        MaxPool2d(2),
        Flatten(),
        Linear(16, 10),
    )
    result = model(torch.zeros(1, 3, 8, 8))
    """
    lines = [
        "import torch",
        "from torch.nn import Conv2d, Flatten, Linear, MaxPool2d, Sequential",
        "model = Sequential(",
    ]
    channels = state.channels()
    for number, layer in enumerate(state.stack()):
        axis = layer.axis
        options = {"stride": (axis.stride, 1), "padding": (axis.before, 0), "dilation": (axis.dilation, 1)}
        said = "".join(f", {name}={value}" for name, (value, usual) in options.items() if value != usual)
        conv = f"Conv2d({channels[number]}, {channels[number + 1]}, {axis.kernel}{said})"
        lines.append(f"    {f'MaxPool2d({axis.kernel})' if layer.is_pool else conv},")
    lines += ["    Flatten(),", f"    Linear({state.features}, 10),", ")"]
    return "\n".join([*lines, f"result = model(torch.zeros(1, 3, {state.size}, {state.size}))"])


def stack_code_html(state: Stack) -> str:
    """Write `stack_code` as HTML, folded."""
    return folded("The same in code: PyTorch", code_block(stack_code(state)))


def linear_html(state: Stack) -> str:
    """Write what a linear layer after the stack says.

    Examples
    --------
    >>> "mat1 and mat2 shapes cannot be multiplied (1x32 and 512x10)" in linear_html(Stack(layers="c3", size=4))
    True
    """
    channels, flat = state.channels()[-1], state.flat
    *_, last = state.stack()
    side = last.axis.output
    flatten = (
        f"Flatten turns the last output, {channels}×{side}×{side}, into {channels}·{side}·{side} = **{flat}** numbers."
    )
    if flat == state.features:
        fits = f"`Linear({state.features}, 10)` was made for {state.features}: it fits."
    else:
        fits = (
            f"`Linear({state.features}, 10)` was made for {state.features}, so PyTorch stops: "
            f"`mat1 and mat2 shapes cannot be multiplied (1x{flat} and {state.features}x10)`."
        )
    return note("Then a linear layer", paragraphs(flatten, fits))
