"""Ridge regression on products of pairs of features, and its result as a few small matrices.

With the kernel k(x, z) = (1 + c x.z)^2 / (1 + c)^2 of unit-norm feature vectors, kernel ridge regression (Saunders,
Gammerman and Vovk 1998) is a ridge regression on the features and on all products of two of them: "not" and "trust" say
together what neither says alone. Its solution f(x) = sum_i a_i k(x, z_i) is a constant, a linear and a quadratic form
in x. The quadratic forms of all outputs are kept on the directions in which they are largest: that is a matrix of some
dozens of rows, whatever the number of sentences.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float64]

PRODUCTS: Final = 2.0
"""c of the kernel: the weight of products against single features."""

RANK: Final = 64
"""Directions on which the quadratic forms are kept."""


@dataclass(frozen=True, slots=True)
class Quadratic:
    """f_o(x) = constant_o + linear_o . x + h . quadratic_o h, with h = basis x; o runs over the outputs.

    Shapes: constant [outputs], linear [outputs, d], basis [rank, d], quadratic [outputs, rank, rank].
    """

    constant: Vectors
    linear: Vectors
    basis: Vectors
    quadratic: Vectors

    def __call__(self, x: Vectors) -> Vectors:
        """Return the outputs [n, outputs] of features [n, d]."""
        h = x @ self.basis.T
        products: Vectors = np.einsum("ni,oij,nj->no", h, self.quadratic, h, optimize=True)
        return self.constant + x @ self.linear.T + products


def kernel(x: Vectors, z: Vectors | None = None) -> Vectors:
    """Return k of each row of `x` and each of `z`, or of `x` again: [n, m]."""
    # In place: with ten thousand sentences each such matrix has 800 MB.
    powers: Vectors = x @ (x if z is None else z).T
    powers *= PRODUCTS / (1 + PRODUCTS)
    powers += 1 / (1 + PRODUCTS)
    return np.square(powers, out=powers)


def solve(kernel_matrix: Vectors, targets: Vectors, penalty: Vectors | float) -> Vectors:
    """Return the coefficients a [n, outputs] of kernel ridge regression; `penalty` may differ from row to row.

    The penalty is added to the kernel matrix itself, which is of no use afterwards.
    """
    kernel_matrix[np.diag_indices(len(kernel_matrix))] += penalty
    return np.linalg.solve(kernel_matrix, targets).astype(np.float64)


def compact(features: Vectors, coefficients: Vectors, leading: Vectors) -> Quadratic:
    """Return f_o(x) = sum_i coefficients[i, o] k(x, features[i]) as small matrices.

    The directions are the leading eigenvectors of the sum of the squared quadratic forms of `leading`, coefficients
    [n, any] whose outputs together stand for all.
    """
    scale = (1 + PRODUCTS) ** 2
    forms = [(features.T * column) @ features for column in leading.T]
    _, vectors = np.linalg.eigh(np.sum([form @ form for form in forms], axis=0))
    basis = vectors[:, ::-1][:, : min(RANK, len(features))].T
    on_basis = features @ basis.T
    quadratic = np.stack([(on_basis.T * column) @ on_basis for column in coefficients.T])
    return Quadratic(
        constant=coefficients.sum(axis=0) / scale,
        linear=2 * PRODUCTS / scale * (coefficients.T @ features),
        basis=basis,
        quadratic=PRODUCTS**2 / scale * quadratic,
    )
