"""Imports packages one after the other into one new collection, and prints after each what Anki then has.

    python read.py COLLECTION PACKAGE...
"""
import datetime
import json
import sqlite3
import sys
import zipfile

from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest

NEWER = 0  # update a note or a note type if the package has a newer one: what Anki's window proposes


def notes(col):
    today = datetime.date.fromtimestamp(col.sched.day_cutoff - 86400)
    for id in col.find_notes(""):
        note = col.get_note(id)
        cards = note.cards()
        card = cards[0]
        due = today + datetime.timedelta(days=card.due - col.sched.today) if card.type == 2 else None
        yield {
            "guid": note.guid,
            "fields": note.fields,
            "names": note.keys(),
            "tags": note.tags,
            "cards": len(cards),
            "deck": col.decks.name(card.did),
            "due": due and due.isoformat(),
            "place": card.due if card.type == 0 else None,
            "queue": card.queue,
            "interval": card.ivl,
            "reps": card.reps,
            "lapses": card.lapses,
            "shown": card.render_output().answer_text,
        }


def is_whole(package):
    """The database by SQLite's own check."""
    with zipfile.ZipFile(package) as archive:
        archive.extract("collection.anki2", package + ".d")
    found = sqlite3.connect(package + ".d/collection.anki2").execute("pragma integrity_check").fetchall()
    assert found == [("ok",)], found


col = Collection(sys.argv[1])
for package in sys.argv[2:]:
    is_whole(package)
    options = ImportAnkiPackageOptions(with_scheduling=True, update_notes=NEWER, update_notetypes=NEWER)
    log = col.import_anki_package(ImportAnkiPackageRequest(package_path=package, options=options)).log
    print(json.dumps({
        "new": len(log.new),
        "updated": len(log.updated),
        "refused": len(log.conflicting) + len(log.missing_notetype) + len(log.missing_deck) + len(log.empty_first_field),
        "types": len([kind for kind in col.models.all_names_and_ids() if kind.name.startswith("sdprep")]),
        "notes": list(notes(col)),
    }))
said, whole = col.fix_integrity()
assert whole, said
