"""A convolution as a matrix product, in index notation."""

from dataclasses import replace

from convviz.terms import Terms, View


def matrix_products(terms: Terms) -> Terms:
    """Add the views of a matrix product to the terms of a layer.

    Parameters
    ----------
    terms : Terms
        Made by `sliding_window`.

    Returns
    -------
    Terms
        The same terms. More views, each a single row: ``vector``, the flattened input, and the step's ``row_products``
        with a row of the Toeplitz matrix; ``kernel_row``, the step's filter as given, and its ``column_products`` with
        a column of im2col.

    Examples
    --------
    >>> from convviz.operations.convolution.correlate import correlate
    >>> terms = matrix_products(correlate([1, 2, 3, 4], [5, 6]).terms)
    >>> terms.related(terms.views["kernel_row"], terms.views["row_products"], (0, 0, 1), step=2)
    [Block(slices=(0,), rows=(0,), columns=(3,))]
    """
    views = terms.views
    of_filter, of_step = views["kernel"].fixed, views["window"].fixed
    cells, weights = views["toeplitz"].column, views["weights"].column
    more = {
        "vector": View(column=cells),
        "row_products": View(column=cells, fixed=of_step),
        "row_sum": views["total"],
        "kernel_row": View(column=weights, fixed=of_filter),
        "column_products": View(column=weights, fixed=of_step),
        "column_sum": views["total"],
    }
    return replace(terms, views={**views, **more})
