"""What rule 7 of the DPDP Rules 2025 wants to be told of a breach: the parts, and the kinds of data."""

from django.utils.translation import gettext_lazy as _

PARTS = ("what", "where", "consequences", "measures", "advice", "cause")
LONGEST = 1500
DATA_KINDS = {
    "name": _("Names"),
    "number": _("Mobile numbers"),
    "year": _("Years of birth"),
    "place": _("Places and homes"),
    "seat": _("Seats and teams"),
    "consent": _("Consents"),
    "work": _("Work and photos"),
    "complaint": _("Complaints"),
}
