"""How was it done, and how is it done again?"""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from alliancekit._native import __version__
from alliancekit.labels import counted
from alliancekit.reporting.apa.numbers import bounded, confidence_words, count
from alliancekit.reporting.apa.table import shown
from alliancekit.reporting.model import NOT_KNOWN
from alliancekit.reporting.page.blocks import Block, Code, Facts, Items, Section, Text
from alliancekit.reporting.page.words import listed

if TYPE_CHECKING:
    from alliancekit.reporting.analysis import Analysis
    from alliancekit.reporting.choices import Choices, Origin
    from alliancekit.reporting.model import Model

QUESTION: Final = "How was it done, and how is it done again?"
PACKAGES: Final = ("polars", "numpy", "matplotlib", "Jinja2")
REFERENCES: Final = (
    (
        "Cameron, A. C., Gelbach, J. B., & Miller, D. L. (2008). Bootstrap-based improvements for inference with "
        "clustered errors. Review of Economics and Statistics, 90(3), 414–427."
    ),
    (
        "Canay, I. A., Romano, J. P., & Shaikh, A. M. (2017). Randomization tests under an approximate symmetry "
        "assumption. Econometrica, 85(3), 1013–1030."
    ),
    (
        "Chung, E., & Romano, J. P. (2013). Exact and asymptotically robust permutation tests. Annals of "
        "Statistics, 41(2), 484–507."
    ),
    (
        "Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal of "
        "Statistics, 6(2), 65–70."
    ),
    (
        "Montiel Olea, J. L., & Plagborg-Møller, M. (2019). Simultaneous confidence bands: Theory, implementation, "
        "and an application to SVARs. Journal of Applied Econometrics, 34(1), 1–17."
    ),
    (
        "Schuirmann, D. J. (1987). A comparison of the two one-sided tests procedure and the power approach for "
        "assessing the equivalence of average bioavailability. Journal of Pharmacokinetics and Biopharmaceutics, "
        "15(6), 657–680."
    ),
)


def section(analysis: Analysis, choices: Choices, origin: Origin, model: Model) -> Section:
    """Give the methods paragraph, the command, versions and hashes."""
    blocks: list[Block] = [Text(paragraph(analysis, choices, model)), Items(REFERENCES, "References")]
    if origin.command is not None:
        blocks.append(Code(origin.command))
    blocks.append(Facts(_facts(choices, origin)))
    answer = (
        "The paragraph may be taken over as it is. The same scores, choices and seed give the same page, byte by byte."
    )
    return Section("methods", QUESTION, answer, blocks)


def paragraph(analysis: Analysis, choices: Choices, model: Model) -> str:
    """Write the methods section of a paper."""
    found = analysis.coverage
    confidence = confidence_words(choices.confidence).removesuffix(" CI")
    sentences = [
        (
            f"Turns of patients and therapists were scored with alliancekit ({_scorer(model)}), which compares the "
            f"wording of a turn with sentences that express {listed(analysis.scales)}."
        ),
        (
            f"The corpus had {counted(found.sessions, 'session')}; left out for want of scored turns of both roles: "
            f"{found.without_both}."
        ),
        (
            "Each session was reduced to the mean score of each role; the gap is the therapist’s mean minus the "
            "patient’s. Misalignment is the mean squared gap, estimated without the bias of noise from separate "
            "parts of a session."
        ),
        (
            f"Means over sessions have {confidence} intervals from a studentised bootstrap of clusters (Cameron et "
            f"al., 2008; {count(choices.resamples)} resamples, seed {choices.seed}; {_clusters(analysis)}); p is "
            "the larger of a cluster-level sign-flip test (Canay et al., 2017) and the bootstrap’s own."
        ),
        _contrast(analysis, choices),
        (
            "The closing rate is the mean slope of the signed gap over the session, taken towards zero; that a gap "
            f"does not converge was tested for equivalence (Schuirmann, 1987) within {bounded(choices.margin)} "
            "pooled SD a session. Bands of curves hold for all points at once (Montiel Olea & Plagborg-Møller, "
            "2019)."
        ),
        (
            "p values were corrected by Holm’s (1979) method over scales and conditions; the total score is "
            "outside of that family."
        ),
        _suppressed(choices),
    ]
    return " ".join(filter(None, sentences))


def _scorer(model: Model) -> str:
    known = "" if model.name == NOT_KNOWN else f"; model: {model.name}; method: {model.method}"
    return f"Version {__version__}{known}"


def _clusters(analysis: Analysis) -> str:
    """Take from the notes of the result what the clusters are."""
    notes = "; ".join(analysis.own["note"].drop_nulls().to_list()).split("; ")
    return next((note for note in notes if note.startswith("clusters:")), "clusters: not known")


def _contrast(analysis: Analysis, choices: Choices) -> str:
    if analysis.contrast is None or choices.target is None:
        return ""
    return (
        f"The condition {shown(choices.target)} was compared with each other condition and with the rest by "
        "permuting condition labels at the level at which they were given, with a statistic that allows for "
        "unequal variances (Chung & Romano, 2013); the larger p of that and of Welch’s test is reported."
    )


def _suppressed(choices: Choices) -> str:
    return "Groups of fewer than 5 sessions were suppressed." if choices.suppress_small_cells else ""


def _facts(choices: Choices, origin: Origin) -> list[tuple[str, str]]:
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    made = origin.made_with
    return [
        ("Seed, resamples", f"{choices.seed}, {count(choices.resamples)}"),
        ("Versions", f"alliancekit {__version__}, {versions}"),
        ("Scores made with", "not known" if made is None else f"alliancekit {shown(made.version)}"),
        ("SHA-256 of the scores", origin.sha256 or "not known: given as a table"),
        ("SHA-256 of the model’s bundle.json", "not known" if made is None else shown(made.bundle_sha256)),
    ]
