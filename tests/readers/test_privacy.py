"""A word planted in the texts stands in no error, whatever is wrong with the file."""

from __future__ import annotations

import json
import traceback
from typing import TYPE_CHECKING

import pytest

from alliancekit.errors import AllianceError
from alliancekit.readers import read

if TYPE_CHECKING:
    from pathlib import Path

PLANTED = "zebrafinch"
TEXT = f"The {PLANTED} sang to me"
HEADER = "session_id,turn_index,role,text\n"
TURN = {"session_id": "s", "turn_index": 0, "role": "patient", "text": TEXT}

BROKEN: dict[str, str | bytes] = {
    "too many fields.csv": f"{HEADER}s,0,patient,{TEXT}, and more\n",
    "quote not closed.csv": f'{HEADER}s,0,patient,"{TEXT}\n',
    "quote inside.csv": f'{HEADER}s,0,patient,"{TEXT}" again\n',
    "odd quote.csv": f'{HEADER}s,0,patient,{TEXT} 5" high\n',
    "not utf-8.csv": f"{HEADER}s,0,patient,{TEXT} é\n".encode("latin-1"),
    "utf-16, cut.csv": f"{HEADER}s,0,patient,{TEXT}\n".encode("utf-16")[:-1],
    "no header.csv": f"s,0,patient,{PLANTED}\n" * 2,
    "no header and no role.csv": f"s,0,Anna,{TEXT}\ns,1,Ben,{TEXT}\n",
    "no header and names.csv": f"s,0,Anna,{PLANTED}\ns,1,Ben,Yes.\n",
    "no header, twice.csv": f"s,0,Anna,{PLANTED},{PLANTED}\n",
    "one column.csv": f"{TEXT}\n{TEXT}\n",
    "text as turn_index.csv": f"session_id,text,role,turn_index\ns,0,patient,{PLANTED}\n",
    "text as role.csv": f"session_id,turn_index,text,role\ns,0,patient,{PLANTED}\ns,1,patient,Yes.\n",
    "text as session_id.csv": f"text,turn_index,role,session_id\ns,0,patient,{PLANTED}\ns,0,patient,{PLANTED}\n",
    "cut.jsonl": json.dumps(TURN)[:-3],
    "no object.jsonl": json.dumps(TEXT),
    "nested.jsonl": json.dumps({**TURN, "text": {"content": TEXT}}),
    "half a pair.jsonl": json.dumps({**TURN, "text": TEXT + "\ud83d"}),
    "kinds.jsonl": json.dumps(TURN) + "\n" + json.dumps({**TURN, "turn_index": {"n": TEXT}}),
    "kinds of extra.jsonl": json.dumps({**TURN, "x": 1}) + "\n" + json.dumps({**TURN, "x": {TEXT: TEXT}}),
    "not utf-8.jsonl": json.dumps({**TURN, "text": TEXT + "é"}, ensure_ascii=False).encode("latin-1"),
    "no parquet.parquet": TEXT,
    "no arrow.arrow": TEXT,
    "cut.arrow": b"ARROW1\0\0" + TEXT.encode() * 9,
    "no workbook.xlsx": TEXT,
    "no data file.sav": b"$FL2" + TEXT.encode() * 99,
    "no data file.dta": b"<stata_dta>" + TEXT.encode() * 99,
    "cut records.json": json.dumps([TURN, TURN])[:-5],
    "nested records.json": json.dumps([TURN, {**TURN, "text": [TEXT]}]),
    "no names in records.json": json.dumps([{TEXT: TEXT, "b": TEXT}]),
    "broken times.vtt": f"WEBVTT\n\n00:01.000 --> 00:0x.000\nTherapist: {TEXT}\n",
    "no times.vtt": f"WEBVTT\n\n{TEXT}\n",
    "no speaker.vtt": f"WEBVTT\n\n00:01.000 --> 00:02.000\n{TEXT}\n",
    "text as a name.vtt": f"WEBVTT\n\n00:01.000 --> 00:02.000\n{PLANTED.title()}: {TEXT}\n",
    "broken times.srt": f"1\n00:00:01,000 -> 00:00:02,000 {TEXT}\n{TEXT}\n",
    "cut segments.json": json.dumps({"segments": [{"start": 1, "end": 2, "text": TEXT}]})[:-4],
    "nested segments.json": json.dumps({"segments": [{"start": 1, "end": 2, "text": {TEXT: TEXT}}]}),
    "no tier.cha": f"@Begin\n{TEXT}\n",
    "no code.cha": f"@Begin\n*{TEXT}: {TEXT}\n",
    "cut.eaf": f"<ANNOTATION_DOCUMENT><TIER><ANNOTATION_VALUE>{TEXT}",
    "entity.eaf": f"<!DOCTYPE a [<!ENTITY a '{TEXT}'>]><ANNOTATION_DOCUMENT>&a;</ANNOTATION_DOCUMENT>",
    "out of place.eaf": f"<ANNOTATION_DOCUMENT><ANNOTATION_VALUE>{TEXT}</ANNOTATION_VALUE></ANNOTATION_DOCUMENT>",
    "not closed.TextGrid": f'"ooTextFile"\n"TextGrid"\n0\n1\n<exists>\n1\n"IntervalTier"\n"{TEXT}',
    "text as a kind.TextGrid": f'"ooTextFile"\n"TextGrid"\n0\n1\n<exists>\n1\n"{PLANTED}"\n"a"\n0\n1\n0\n',
    "cut messages.json": json.dumps({"messages": [{"role": "user", "content": TEXT}]})[:-4],
    "no content.json": json.dumps({"messages": [{"role": "user", "content": {TEXT: TEXT}}]}),
    "no part.json": json.dumps({"messages": [{"role": "user", "content": [{"type": "text", "text": [TEXT]}]}]}),
    "text as a role.json": json.dumps({"messages": [{"role": PLANTED, "content": TEXT}]}),
    "text as an id.json": json.dumps([{"id": TEXT, "messages": [{"role": "user", "content": "Yes."}]}] * 2),
    "cut shares.jsonl": json.dumps({"conversations": [{"from": "human", "value": TEXT}]})[:-4],
    "nested shares.json": json.dumps({"conversations": [{"from": "human", "value": [TEXT]}]}),
    "cut tree.json": json.dumps([{"mapping": {TEXT: {"message": TEXT, "parent": TEXT, "children": []}}}]),
    "nested transcription.json": json.dumps({"transcription": [{"offsets": {}, "text": {TEXT: TEXT}}]}),
    "notices only.txt": f"01/03/2024, 21:15 - {TEXT}\n",
    "no name.txt": f"{TEXT}\n{TEXT}\n",
    "text as a name.txt": f"Client: Yes.\n{PLANTED.title()}: {TEXT}\n",
    "not utf-8.txt": f"Client: {TEXT} é\n".encode("latin-1"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_no_error_quotes_a_text(tmp_path: Path, name: str) -> None:
    content = BROKEN[name]
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(AllianceError) as raised:
        read(path)
    assert PLANTED not in "".join(traceback.format_exception(raised.value))
