"""When a plan needs the yes of whoever guarantees the loan."""

from portal.domain.comparison import Comparison


def needs_consent(comparison: Comparison) -> bool:
    """Whether a plan makes a guarantee greater or longer: a guarantor answers for what they said yes to, and for no more
    (for instance PRC Civil Code, article 695: a guarantor who was not asked is not bound by what was added, and the time of
    the guarantee stays as it was)."""
    return comparison.extra > 0 or comparison.last_due_new > comparison.last_due_today
