"""Questions that people ask, each with a short answer and a lesson in the state that shows it."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question, and where it is answered.

    Parameters
    ----------
    question : str
        As people ask it.
    answer : str
        One or two sentences that are true read alone.
    notebook : str
        The page of the course that shows it.
    address : str
        The state in which it shows it, as the page's address holds it; empty for the page's own example.
    """

    question: str
    answer: str
    notebook: str
    address: str = ""

    @property
    def link(self) -> str:
        """The way there, from another page; in Markdown no address may hold a blank."""
        return f"{self.notebook}.ipynb" + (f"?{self.address}" if self.address else "").replace(" ", "%20")


ASKED: dict[str, tuple[Asked, ...]] = {
    "The window": (
        Asked(
            question="Is it a dot product, or an element-wise multiplication and a sum?",
            answer="Both: the same numbers, once as two grids and once as two vectors.",
            notebook="01_sliding_window",
        ),
        Asked(
            question="Why is the output smaller than the input?",
            answer="A window must lie inside the input, so a 3×3 kernel has only 3×3 places on a 5×5 input.",
            notebook="01_sliding_window",
            address="x=~classic&w=~classic",
        ),
        Asked(
            question="What do valid, same and full mean?",
            answer="They say which windows count: those inside the input, as many as the input has cells, or all that "
            "touch it. Outside there are zeros.",
            notebook="01_sliding_window",
            address="mode=full",
        ),
    ),
    "The flip": (
        Asked(
            question="Isn’t the kernel supposed to be flipped?",
            answer="In a convolution as mathematics defines it, yes. Deep-learning libraries leave it as it is and "
            "use the same name.",
            notebook="02_flip",
        ),
        Asked(
            question="Why do I get the same result with and without the flip?",
            answer="Because your kernel is symmetric: flipped, it is the same again.",
            notebook="02_flip",
            address="w=~classic",
        ),
        Asked(
            question="What does np.convolve do with 1 2 3 4 and 5 6 7?",
            answer="It flips the second array and slides it over the first: 5 16 34 52 45 28.",
            notebook="02_flip",
            address="x=1,2,3,4&w=5,6,7&mode=full",
        ),
        Asked(
            question="Why does mathematics flip the kernel at all?",
            answer="Because the newest sample meets the shortest delay. Add up echoes, and the flip appears by itself.",
            notebook="03_echoes",
        ),
        Asked(
            question="Why does an impulse give the kernel back?",
            answer="Every output but those whose window holds the single 1 is zero, and those hold one weight each. "
            "With the flip they stand in their own order.",
            notebook="02_flip",
        ),
        Asked(
            question="May I combine two filters before I apply them?",
            answer="With convolution yes: A∗(B∗C) = (A∗B)∗C. With cross-correlation in general not.",
            notebook="02_flip",
        ),
    ),
    "Sizes": (
        Asked(
            question="How do I compute the size of the output?",
            answer="Count the places of the window: the cells it can move by, divided by the stride and rounded down, "
            "plus one.",
            notebook="10_geometry",
        ),
        Asked(
            question="What does a stride do, and which cells does it miss?",
            answer="The window moves several cells each time. Where the stride does not divide the way, cells at the "
            "end are never read.",
            notebook="10_geometry",
            address="stride=2",
        ),
        Asked(
            question="What is dilation?",
            answer="The kernel’s cells stand apart: 3 cells with a dilation of 2 span 5.",
            notebook="10_geometry",
            address="dilation=2",
        ),
        Asked(
            question="Why are kernels usually odd?",
            answer="An even kernel has no middle cell, so that the padding cannot be the same on both sides.",
            notebook="10_geometry",
            address="w=1,2,2,1;:&padding=same",
        ),
        Asked(
            question="Why does padding=“same” differ between PyTorch and TensorFlow?",
            answer="PyTorch defines it for a stride of 1 only. TensorFlow makes inputs / stride outputs, rounded up.",
            notebook="10_geometry",
            address="stride=2&padding=same_tf",
        ),
        Asked(
            question="What is a causal convolution?",
            answer="All padding stands before the input, so that no output sees a later cell than its own.",
            notebook="10_geometry",
            address="before=2",
        ),
        Asked(
            question="What do reflect, replicate and circular padding put in?",
            answer="The input mirrored at its edge cell, copies of the edge cell, or the opposite end of the input.",
            notebook="10_geometry",
            address="before=2&after=2&padding_mode=reflect",
        ),
        Asked(
            question="What does max pooling keep, and what does average pooling?",
            answer="The largest number of each window, or its mean. Neither has weights.",
            notebook="10_pooling",
        ),
        Asked(
            question="How far does a deep network see?",
            answer="Each layer adds its kernel size less one, times the distance of its input cells in the picture.",
            notebook="10_stack",
            address="layers=c3 p2 c3&size=16",
        ),
        Asked(
            question="“mat1 and mat2 shapes cannot be multiplied”: why?",
            answer="A linear layer has one weight for each number that it reads, and a larger picture flattens to "
            "more numbers.",
            notebook="10_stack",
            address="size=13",
        ),
        Asked(
            question="What is a transposed convolution?",
            answer="Each input cell stamps the whole kernel into a larger output. It brings back a size, not the "
            "numbers.",
            notebook="10_transposed",
        ),
        Asked(
            question="Where do checkerboard patterns come from?",
            answer="Where the stride does not divide the kernel size, some cells get more stamps than their "
            "neighbours.",
            notebook="10_transposed",
            address="x=1,1,1;1,1,1;1,1,1:",
        ),
        Asked(
            question="What is output padding for?",
            answer="A stride turns inputs of several sizes into one; output padding says which of them to go back to.",
            notebook="10_transposed",
            address="padding=1&output_padding=1",
        ),
    ),
    "Matrices and training": (
        Asked(
            question="What is im2col?",
            answer="Every window is copied into a column of a table. The kernel as a row, times that table, makes all "
            "outputs at once.",
            notebook="04_matrix",
        ),
        Asked(
            question="What is a doubly block Toeplitz matrix?",
            answer="The matrix of a convolution in 2D: stripes of equal blocks, which consist of stripes of equal "
            "numbers themselves.",
            notebook="04_matrix",
            address="x=1,2,3,0;4,5,6,1;7,8,9,2&w=1,2;3,-1",
        ),
        Asked(
            question="Does the activation look at the whole feature map?",
            answer="No. It is applied to each number by itself, and its neighbours make no difference.",
            notebook="04_matrix",
            address="w=5,6,-7&activation=relu",
        ),
        Asked(
            question="Why not use a dense layer instead?",
            answer="It learns a weight for each pair of an input and an output. A convolution shares a few weights "
            "among all places.",
            notebook="04_training",
        ),
        Asked(
            question="What is the gradient of a weight that is used at many places?",
            answer="The sum of the gradients that it has at all of them.",
            notebook="04_training",
        ),
        Asked(
            question="Why is the kernel flipped in backpropagation?",
            answer="An input cell meets the weights in a column of the matrix, where they stand in the opposite order.",
            notebook="04_training",
        ),
    ),
    "Filters": (
        Asked(
            question="What does a Sobel kernel find?",
            answer="Edges: it takes the pixels on the right minus those on the left, so that even areas become 0.",
            notebook="07_kernels",
        ),
        Asked(
            question="Why do the weights of a blur add up to 1, and those of an edge filter to 0?",
            answer="With 1 even areas keep their brightness, and with 0 they vanish.",
            notebook="07_kernels",
            address="w=~gaussian_blur",
        ),
        Asked(
            question="What is a separable kernel?",
            answer="One whose weights are a column times a row. Two cheap passes, one along each axis, do the same.",
            notebook="07_kernels",
            address="w=~gaussian_blur_5",
        ),
        Asked(
            question="Is a convolution invariant to shifts, or equivariant?",
            answer="Equivariant: the output moves along with the input. With a stride of 2 it does so only for shifts "
            "by an even number.",
            notebook="07_shifts",
        ),
        Asked(
            question="Does pooling make a network blind to shifts?",
            answer="No, only less sensitive: a number may move within its window, but not into the next one.",
            notebook="07_shifts",
            address="layer=max",
        ),
        Asked(
            question="What does a frequency response say?",
            answer="By how much a kernel multiplies each wave: a blur keeps slow waves and weakens fast ones.",
            notebook="07_waves",
        ),
        Asked(
            question="Why is a convolution a product in the Fourier domain?",
            answer="A kernel turns each wave into the same wave, multiplied by a number. So the spectra multiply.",
            notebook="07_waves",
            address="w=~gaussian_blur",
        ),
    ),
    "Channels and filters": (
        Asked(
            question="What happens along the depth?",
            answer="A filter has a kernel for each channel. Their sums are added up to one number, and the bias.",
            notebook="05_channels",
        ),
        Asked(
            question="How many feature maps does a layer make?",
            answer="One for each filter, however many channels there are.",
            notebook="05_filters",
        ),
        Asked(
            question="How many parameters does a convolutional layer have?",
            answer="Kernel cells times input channels times filters, and a bias for each filter. The size of the "
            "picture does not matter.",
            notebook="05_filters",
        ),
        Asked(
            question="What do groups do, and what is a depthwise convolution?",
            answer="Filters of a group read the channels of their group only. With as many groups as channels, each "
            "filter reads one.",
            notebook="05_strides",
            address="groups=3",
        ),
        Asked(
            question="What is a 1×1 convolution good for?",
            answer="It mixes the channels of each pixel and looks at no neighbours.",
            notebook="06_one_by_one",
        ),
        Asked(
            question="Is a 1×1 convolution a dense layer?",
            answer="At every pixel it is: the same weights times the vector of the pixel’s channels.",
            notebook="06_one_by_one",
        ),
    ),
    "Searching and learning": (
        Asked(
            question="How do I find a small picture in a large one?",
            answer="Slide it over the large one and compare it with every window: the smallest squared difference "
            "wins.",
            notebook="08_matching",
        ),
        Asked(
            question="Why does plain correlation find the brightest patch instead of my template?",
            answer="Because a bright window makes large products, whatever its pattern.",
            notebook="08_matching",
            address="image=0,0,0,0,0,0,0,0,0;0,0,2,0,0,0,0,0,0;0,2,2,2,0,0,0,9,9;0,0,2,0,0,0,0,9,9;0,0,0,0,0,0,0,9,9;"
            "0,0,0,0,0,0,0,0,0&template=0,2,0;2,2,2;0,2,0&metric=correlation",
        ),
        Asked(
            question="What does normalized correlation do about bright patches?",
            answer="It takes the mean away and divides by the size of what is left, so that only the pattern counts.",
            notebook="08_matching",
            address="image=0,0,0,0,0,0,0,0,0;0,0,2,0,0,0,0,0,0;0,2,2,2,0,0,0,9,9;0,0,2,0,0,0,0,9,9;0,0,0,0,0,0,0,9,9;"
            "0,0,0,0,0,0,0,0,0&template=0,2,0;2,2,2;0,2,0&metric=normalized",
        ),
        Asked(
            question="What goes wrong if I flip a template?",
            answer="You search for another picture: a flipped 3 finds an E.",
            notebook="08_matching",
            address="image=0,0,0,0,0,0,0,0,0,0,0,0,0;0,1,1,1,0,1,1,1,0,1,1,1,0;0,1,0,1,0,1,0,0,0,0,0,1,0;"
            "0,1,1,1,0,1,1,1,0,1,1,1,0;0,1,0,1,0,1,0,0,0,0,0,1,0;0,1,1,1,0,1,1,1,0,1,1,1,0;"
            "0,0,0,0,0,0,0,0,0,0,0,0,0&template=1,1,1;1,0,0;1,1,1;1,0,0;1,1,1",
        ),
        Asked(
            question="Who chooses the weights of a kernel?",
            answer="Nobody: gradient descent changes them step by step until the outputs fit the targets.",
            notebook="09_learning",
        ),
        Asked(
            question="Does it matter for learning whether the layer flips its kernel?",
            answer="No. The flipping layer learns the flipped kernel, and the outputs are the same.",
            notebook="09_learning",
        ),
    ),
    "Your own numbers": (
        Asked(
            question="Can I try it with my own numbers, or with a picture of mine?",
            answer="Paste an array, or load a file. Text is read as numbers and never run as code.",
            notebook="11_own",
        ),
        Asked(
            question="What would a dense layer do with the same numbers?",
            answer="It reads the picture as one long row, with a weight for each number and each neuron.",
            notebook="11_own",
            address="operation=dense",
        ),
    ),
}
"""By topic."""
