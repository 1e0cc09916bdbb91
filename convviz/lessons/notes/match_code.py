"""Template matching in NumPy, SciPy and PyTorch."""

from convviz.lessons.notes.layer_code import LibraryCall, lines
from convviz.operations.matching.match_template import MatchTrace

_ELSEWHERE = {
    "ssd": "In OpenCV it is `cv2.matchTemplate` with `TM_SQDIFF`.",
    "mse": "In scikit-image, `mean_squared_error` does it for one window.",
    "correlation": "In OpenCV it is `cv2.matchTemplate` with `TM_CCORR`.",
    "normalized": "In OpenCV it is `cv2.matchTemplate` with `TM_CCOEFF_NORMED`, in scikit-image `match_template`.",
}
_FLAT = "  # a flat window has no pattern"


def match_calls(trace: MatchTrace) -> list[LibraryCall]:
    """Write how the libraries compute the scores of a template.

    Examples
    --------
    >>> from convviz import match_template
    >>> print(match_calls(match_template([1, 2, 3], [2, 3], "correlation"))[1].code)
    from scipy.signal import correlate
    result = correlate(image, template, mode="valid", method="direct")
    """
    return [_numpy(trace), _scipy(trace), _torch(trace)]


def _axes(trace: MatchTrace) -> str:
    return "(-2, -1)" if trace.template.ndim == 2 else "-1"


def _numpy(trace: MatchTrace) -> LibraryCall:
    axes, cells = _axes(trace), trace.template.shape
    body = {
        "ssd": f"result = ((windows - template) ** 2).sum(axis={axes})",
        "mse": f"result = ((windows - template) ** 2).mean(axis={axes})",
        "correlation": f"result = (windows * template).sum(axis={axes})",
        "normalized": lines(
            f"windows = windows - windows.mean(axis={axes}, keepdims=True)",
            "template = template - template.mean()",
            f"products = (windows * template).sum(axis={axes})",
            f"lengths = np.sqrt((windows**2).sum(axis={axes}) * (template**2).sum())",
            f"has_pattern = lengths > 1e-9 * lengths.max(){_FLAT}",
            "result = np.divide(products, lengths, out=np.zeros_like(products), where=has_pattern)",
        ),
    }[trace.metric]
    code = lines(
        "from numpy.lib.stride_tricks import sliding_window_view",
        f"windows = sliding_window_view(image, {cells})",
        body,
    )
    text = (
        "NumPy has no template matching. This code cuts out all windows and compares each with the template. "
        f"{_ELSEWHERE[trace.metric]}"
    )
    return LibraryCall(function="numpy.lib.stride_tricks.sliding_window_view", text=text, code=code)


def _scipy(trace: MatchTrace) -> LibraryCall:
    call = 'correlate({}, {}, mode="valid", method="direct")'.format
    products, sums = call("image", "template"), call("image", "ones")
    squares = call("image**2", "ones")
    differences = f"{squares}\nresult = squares - 2 * products + (template**2).sum()"
    body = {
        "correlation": f"result = {products}",
        "ssd": lines("ones = np.ones_like(template)", f"products = {products}", f"squares = {differences}"),
        "normalized": lines(
            "ones, n = np.ones_like(template), template.size",
            f"sums, squares = {sums}, {squares}",
            f"products = n * {products} - sums * template.sum()",
            "lengths = (n * squares - sums**2) * (n * (template**2).sum() - template.sum() ** 2)",
            f"lengths = np.sqrt(np.maximum(lengths, 0))\nhas_pattern = lengths > 1e-6 * lengths.max(){_FLAT}",
            "result = np.divide(products, lengths, out=np.zeros(products.shape), where=has_pattern)",
        ),
    }
    body["mse"] = f"{body['ssd']}\nresult = result / template.size"
    text = {
        "correlation": "This is the cross-correlation of lesson 1, with the template as its kernel.",
        "normalized": "This is Pearson’s correlation coefficient of window and template, from sums alone.",
    }.get(trace.metric, "(p − t)² = p² − 2pt + t², so a correlation does most of the work.")
    return LibraryCall(
        function="scipy.signal.correlate", text=text, code=f"from scipy.signal import correlate\n{body[trace.metric]}"
    )


def _torch(trace: MatchTrace) -> LibraryCall:
    axes, dimensions = _axes(trace), trace.template.ndim
    name = f"conv{dimensions}d"
    tensors = "image, template = torch.tensor(image).double(), torch.tensor(template).double()"
    unfolded = "".join(f".unfold({axis}, {cells}, 1)" for axis, cells in enumerate(trace.template.shape))
    flat = f".flatten({-dimensions})" if dimensions > 1 else ""
    if trace.metric == "correlation":
        code = lines(
            "import torch",
            f"from torch.nn.functional import {name}",
            tensors,
            f"result = {name}(image[None, None], template[None, None])[0, 0]",
        )
        text = "It does not flip its kernel: a layer whose filter is the template."
        return LibraryCall(function=f"torch.nn.functional.{name}", text=text, code=code)
    if trace.metric == "normalized":
        code = lines(
            "import torch",
            "from torch.nn.functional import cosine_similarity",
            tensors,
            f"windows, template = image{unfolded}{flat}, template.flatten()",
            "windows = windows - windows.mean(-1, keepdim=True)",
            "result = cosine_similarity(windows, template - template.mean(), dim=-1)",
        )
        text = "With the means subtracted, the score is the cosine of the angle between the two, seen as vectors."
        return LibraryCall(function="torch.nn.functional.cosine_similarity", text=text, code=code)
    ending = "mean" if trace.metric == "mse" else "sum"
    code = lines(
        "import torch", tensors, f"windows = image{unfolded}", f"result = ((windows - template) ** 2).{ending}({axes})"
    )
    return LibraryCall(function="torch.Tensor.unfold", text="`unfold` cuts out all windows.", code=code)
