"""Matchers that come from a folder."""

from app.matching import Matcher, load, save


def saved(matcher, folder):
    """Write what a matcher was fitted on into a folder and give the matcher that comes back."""
    numbers = matcher.model_.numbers
    needs = matcher.need_table(matcher.needs_.values(), numbers)
    save(folder, matcher.params, matcher.index_.in_order(40), needs, numbers)
    return load(folder, Matcher(matcher.params, matcher.reader))
