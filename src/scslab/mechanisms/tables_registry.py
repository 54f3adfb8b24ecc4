"""Tables of the files that agencies keep, of the master database over them, and of what is altered, exposed or looked at in them."""

from __future__ import annotations

from ..base.parameters import Domain
from ..engine.declare import table
from .tables import TRUTH

MATCH = Domain("match", ("right", "wrong", "none"))
"""What became of a file that the master database took in: linked to the person it names, to another, or to nobody."""

BY = Domain("altered by", ("intruder", "seller", "favour"))
"""Who altered a file: somebody from outside, an insider for money, an official for his own circle."""

WHOSE = Domain("whose", ("own", "kin", "donor"))
"""For whom an official does a favour."""

VIEW = Domain("view", ("sharing", "snooping", "leak"))
"""How others come to see a file."""

UNDONE = ("overturned", "corrected", "restored")
"""Grounds on which a record or listing is undone because it was wrong."""

FILES = table("files", {"sensor": "uint8", "amount": "int32"}, TRUTH, "What an agency outside the local registry files on its client.")
MATCHES = table("matches", {"sensor": "uint8", "match": "uint8"}, TRUTH, "A file taken in by the master database; subject = who is linked, or named.")
COPY_ORDERS = table("copy_orders", {"ground": "uint8"}, {}, "An order to the master database to delete its copies of a kind on the subject.")
COPY_ENDS = table(
    "copy_ends", {"ground": "uint8"}, TRUTH, "A copy that left the master database.", event="a copy in the master database of {kind} deleted"
)
PORTED = table("ported", {}, {}, "A good record that followed its subject to another place.", event="the new place sees a record of {kind}")
ALTERATIONS = table(
    "alterations",
    {"by": "uint8", "whose": "uint8", "erased": "uint8"},
    TRUTH,
    "A file altered: a record forged, or a record erased.",
    event="somebody alters the file: a record of {kind}",
)
ERASED = table("erased_records", {"sensor": "uint8", "amount": "int32"}, TRUTH, "A record that somebody erased, as a backup holds it.")
AUDIT_FINDS = table("audit_finds", {}, TRUTH, "A record that an audit holds to be false.", event="an audit takes the record of {kind} for false")
EXPOSURES = table("exposures", {}, TRUTH, "An official was found out as the author of a forged record.")
FILE_VIEWS = table("file_views", {"view": "uint8", "attributes": "int32", "parties": "int32"}, {}, "Others saw a file: so many attributes, so many parties.")
