"""The sentence of every reason a parser, the check or the loader gives."""

from django.utils.translation import gettext_lazy as _

from toli.kit.errors import Sentence
from toli.org.importing.rows import Reason

SENTENCES: dict[str, Sentence] = {
    # the file
    "no_heading": _("No row has the needed headings. Describe the columns in a mapping file (--as mapping)."),
    "no_heading_form_order": _("There are no headings; the columns were read in the order of the Commission's form."),
    "columns_moved": _("The headings are repeated here in another order; the rows below were read by them."),
    "unreadable_line": _("This line could not be read and was left out."),
    "open_quote": _("A quotation mark was opened and never closed; the lines were read without quotation marks."),
    "other_sheets": _("The workbook has several sheets; only the first named here was read."),
    "merged_cells": _("Merged cells were read as if each row held their text."),
    "sheet_faults": _("Cells with a fault of the sheet program (such as #N/A) were read as empty."),
    # the row
    "short_row": _("The row has fewer cells than the headings need."),
    "joined_lines": _("The row was cut in two by a line break; both halves were put together."),
    "name_continued": _("This line is the rest of the name above it."),
    "remark": _("This line holds one text only and was taken for a remark."),
    "no_level": _("The level is missing."),
    "no_code": _("The code is missing."),
    "bad_code": _("The code is missing or is no whole number."),
    "same_code_same_name": _("The same code and name stand in an earlier line; kept once."),
    "no_name": _("The name is missing."),
    "no_district": _("The district is missing."),
    "no_samiti": _("The panchayat samiti is missing."),
    "no_panchayat": _("The panchayat is missing."),
    "no_state": _("The state is missing: say it with --state."),
    # polling stations
    "no_number": _("The station's number is missing."),
    "bad_number": _("The station's number cannot be read."),
    "no_constituency": _("The constituency is missing or names two numbers."),
    "constituency_from_above": _("The constituency is taken from the row above (merged cells)."),
    "constituency_without_number": _("The constituency has no number, and its name does not say which one it is."),
    "unknown_constituency": _("This constituency is not in the tree. Import its list first, or use --create-missing."),
    "other_constituency_name": _("The tree knows this constituency number under another name. Is the state right?"),
    "same_station": _("The same constituency, number, suffix and kind stand in an earlier line."),
    "kind_blank": _("Main or auxiliary is not stated; kept as not stated."),
    "kind_unreadable": _("Main or auxiliary cannot be read; kept as not stated."),
    "kind_read_as_main": _("Read as main."),
    "kind_read_as_auxiliary": _("Read as auxiliary."),
    "coordinates_swapped": _("Latitude and longitude were exchanged and have been put right."),
    "coordinates_unreadable": _("The coordinates cannot be read and were left empty."),
    "coordinates_outside": _("The coordinates do not lie in India and were left empty."),
    # other lists
    "same_panchayat_again": _("The panchayat is listed again (a later election); its facts were brought up to date."),
    "same_constituency": _("The constituency stands in an earlier line."),
    # public offices
    "no_office": _("The office is missing."),
    "no_source": _("The source is missing; nobody is listed without one."),
    "bad_day": _("The day cannot be read; write it as 2018-12-17."),
    "unknown_kind": _("There is no such kind of office."),
    "term_backwards": _("The term ends before it begins."),
    # the tree
    "unknown_level": _("There is no such level."),
    "unknown_parent": _("The unit above is neither in the file nor in the tree."),
    "parent_not_above": _("The unit above must be of a higher level."),
    "parent_cycle": _("The unit lies below itself."),
    "no_parent": _("The unit above is missing; only the top of the tree stands alone."),
    "parent_refused": _("The unit above was refused."),
    "same_code": _("The code stands in an earlier line."),
    "other_level": _("The tree knows this code at another level."),
    "other_parent": _("The tree has this unit in another place. It was not moved; move it on its page."),
    "code_taken": _("One of the codes belongs to another unit."),
    # office-bearers
    "bad_phone": _("The phone number is not an Indian mobile number."),
    "unknown_unit": _("No unit of this name or code was found."),
    "unclear_unit": _("Several units have this name; give the code or the district."),
    "unknown_team": _("There is no such team at this level."),
    "unknown_role": _("There is no such role."),
    "unknown_wing": _("There is no such wing."),
    "no_free_seat": _("This team has no free seat of that role."),
    "seat_taken": _("The seat is held, offered or named already."),
    # invitations
    "no_phone": _("There is no phone number in this row."),
    "same_phone": _("The same number stands in an earlier line; one person is invited once."),
    "no_invitation": _("This number gets no invitation: it was invited, knows us already or wants no messages."),
    "same_holder": _("The person and seat stand in an earlier line."),
}  # fmt: skip


def sentence_of(reason: Reason) -> str:
    """The reason in the language of the moment, with its detail."""
    sentence = str(SENTENCES.get(reason.code, reason.code))
    return f"{sentence} [{reason.detail}]" if reason.detail else sentence
