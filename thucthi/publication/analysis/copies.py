"""Tasks of different organisations that say the same, word for word or nearly.

Texts are compared as sets of three neighbouring syllables, without accents, numbers and the name of their own
organisation. Two sets are near when what they share is at least 7/10 of what they hold together (Jaccard). Nothing is
guessed: a pair that near must share one of the rarest triples of each (Chaudhuri, Ganti, Kaushik 2006), so only those
are joined, and each pair found is then counted in full. No hash, no chance, whole numbers: the same on each engine.
"""

import ibis
import ibis.expr.types as ir

from thucthi.intake.copying.masking import bare
from thucthi.publication.analysis.shapes import Answer, Opened, per_mille

FEWEST_SYLLABLES = 8
NEAR, OF = 7, 10
# Engines disagree about lower case at the edges of Unicode; this table is the same for all of them.
LETTERS = {
    letter: small
    for code in (*range(ord("A"), ord("Z") + 1), *range(0x00C0, 0x1F00))
    if (small := bare(letter := chr(code))) != letter and len(small) == 1 and "a" <= small <= "z"
}
_FROM, _TO = "".join(LETTERS), "".join(LETTERS.values())
# What is left of the name of a people's committee or a district office: the name of the place.
_BEFORE_THE_PLACE = "^.* (tinh|thanh pho|huyen|quan|thi xa|xa|phuong|dac khu) "
NO_NAME = "#"


def plain(text: ir.Value) -> ir.Value:
    """Small letters a–z with single blanks between and around."""
    return ibis.literal(" ") + text.fill_null("").translate(_FROM, _TO).re_replace("[^a-z]+", " ").strip() + " "


def _name(text: ir.Value) -> ir.Value:
    return ibis.cases((text.strip() == "", NO_NAME), else_=text)


def _names(organisations: ir.Table) -> ir.Table:
    names = organisations.select(
        lead="code", official=plain(organisations.official_name), short=plain(organisations.short_name)
    )
    place = names.official.re_replace(_BEFORE_THE_PLACE, " ")
    place = ibis.cases((place == names.official, NO_NAME), else_=place)
    return names.select("lead", official=_name(names.official), short=_name(names.short), place=_name(place))


def compared_texts(opened: Opened) -> ir.Table:
    """Each task long enough to be compared: its code, its lead, and what is compared."""
    tasks = opened.tasks.select("code", "text", lead=opened.tasks.lead.fill_null(""))
    named = tasks.left_join(_names(opened.organisations), "lead").drop("lead_right")
    text = plain(named.text)
    for name in (named.official, named.place, named.short):
        text = text.replace(name.fill_null(NO_NAME), " ")
    masked = named.select("code", "lead", said=text.strip())
    syllables = masked.said.length() - masked.said.replace(" ", "").length() + 1
    masked = masked.mutate(syllables=syllables)
    return masked.filter(masked.syllables >= FEWEST_SYLLABLES)


def _groups(opened: Opened) -> ir.Table:
    """Texts that are the same, once, under the first of their tasks."""
    texts = compared_texts(opened)
    return texts.group_by("said").agg(
        task=texts.code.min(),
        lead=texts.lead.min(),
        tasks=texts.count(),
        organisations=texts.lead.nunique(),
        syllables=texts.syllables.max(),
    )


def exact_copies(opened: Opened) -> ir.Table:
    groups = _groups(opened)
    return groups.filter(groups.organisations > 1).drop("said")


def _triples(groups: ir.Table) -> ir.Table:
    """The set of three neighbouring syllables of each text."""
    words = groups.select("task", word=groups.said.split(" ")).unnest("word", offset="place")
    course = ibis.window(group_by="task", order_by="place")
    following = words.mutate(second=words.word.lead(1).over(course), third=words.word.lead(2).over(course))
    following = following.filter(following.third.notnull())
    triple = following.word + " " + following.second + " " + following.third
    return following.select("task", triple=triple).distinct()


def _rarest(triples: ir.Table) -> ir.Table:
    """Of each set so many of the rarest that a near one must have one of them too; `size` is that of the whole set."""
    seen = triples.group_by("triple").agg(texts=triples.count())
    joined = triples.join(seen, "triple")
    joined = joined.mutate(
        rank=ibis.row_number().over(group_by=joined.task, order_by=[joined.texts, joined.triple]),
        size=joined.task.count().over(group_by=joined.task),
    )
    most = joined["size"] - (joined["size"] * NEAR + OF - 1) // OF
    return joined.filter(joined["rank"] <= most).select("task", "triple", "size")


def near_copies(opened: Opened) -> ir.Table:
    groups = opened.keep(_groups(opened))
    triples = opened.keep(_triples(groups))
    rarest = opened.keep(_rarest(triples))
    other = rarest.view()
    met = rarest.join(
        other,
        [
            rarest.triple == other.triple,
            rarest.task < other.task,
            rarest["size"] * NEAR <= other["size"] * OF,
            other["size"] * NEAR <= rarest["size"] * OF,
        ],
        lname="{name}_a",
        rname="{name}_b",
    )
    pairs = met.select("task_a", "task_b", "size_a", "size_b").distinct()
    return _described(_counted(opened.keep(pairs), triples), groups)


def _counted(pairs: ir.Table, triples: ir.Table) -> ir.Table:
    """Pairs with what they share and what they hold together; only the near ones."""
    ours = triples.select(task_a="task", triple="triple")
    theirs = triples.select(task_b="task", triple="triple")
    both = pairs.join(ours, "task_a").join(theirs, ["task_b", "triple"])
    counted = both.group_by("task_a", "task_b", "size_a", "size_b").agg(shared=both.count())
    counted = counted.mutate(together=counted.size_a + counted.size_b - counted.shared)
    return counted.filter(counted.shared * OF >= counted.together * NEAR)


def _described(pairs: ir.Table, groups: ir.Table) -> ir.Table:
    for side in "ab":
        named = groups.select(
            **{f"{name}_{side}": name for name in ("task", "lead", "tasks", "organisations")},
        )
        pairs = pairs.join(named, f"task_{side}")
    within_one = (pairs.organisations_a == 1) & (pairs.organisations_b == 1) & (pairs.lead_a == pairs.lead_b)
    return pairs.mutate(per_mille=per_mille(pairs.shared, pairs.together)).filter(~within_one)


ANSWERS = (
    Answer("copies_exact", ("task",), ("task", "lead"), ("tasks", "organisations", "syllables"), exact_copies),
    Answer(
        "copies_near",
        ("task_a", "task_b"),
        ("task_a", "lead_a", "task_b", "lead_b"),
        ("tasks_a", "organisations_a", "tasks_b", "organisations_b", "shared", "together", "per_mille"),
        near_copies,
    ),
)
