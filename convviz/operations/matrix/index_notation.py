"""A convolution as a matrix product, in index notation."""

from dataclasses import replace

from convviz.terms import Coordinate, Terms, View


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


def any_matrix(rows: int, columns: int) -> Terms:
    """Declare ``output[row] = Σ x[entry] · free[row, entry]``: a matrix each entry of which is a weight of its own.

    Its indices are no others' indices, so that pictures of it are not linked with those of windows.

    Parameters
    ----------
    rows, columns : int
        The numbers of outputs and of inputs.

    Returns
    -------
    Terms
        A step is an output. The views are ``toeplitz``, which is the matrix; ``filters``, with one slice for each row;
        and ``weights``, which is like ``toeplitz``.

    Examples
    --------
    >>> terms = any_matrix(2, 4)
    >>> terms.related(terms.views["toeplitz"], View(column=terms.operands["x"]), (0, 1, 3), step=0)
    [Block(slices=(0,), rows=(0,), columns=(3,))]
    """
    row, column = Coordinate(size=rows, of={"row": 1}), Coordinate(size=columns, of={"entry": 1})
    single = Coordinate(size=1)  # of several coordinates, none is an axis to which a page adds cells
    matrix = View(row=(single, row), column=(single, column))
    return Terms(
        indices={"row": rows, "entry": columns},
        operands={"x": (column,), "free": (row, column)},
        step=(row,),
        views={"toeplitz": matrix, "weights": matrix, "filters": View(slice=(row,), column=(column,))},
    )
