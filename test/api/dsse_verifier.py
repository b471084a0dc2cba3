"""Checks a DSSE envelope with securesystemslib, as anybody would who has it: python3 dsse_verifier.py LIBRARY KEYID PUBLIC_HEX FILE.

Prints the payload and exits 0, or prints why not and exits 3.
"""
import json
import sys

library, keyid, public, path = sys.argv[1:]
sys.path.insert(0, library)

from securesystemslib.dsse import Envelope  # noqa: E402
from securesystemslib.exceptions import VerificationError  # noqa: E402
from securesystemslib.signer import SSlibKey  # noqa: E402

with open(path) as file:
    envelope = Envelope.from_dict(json.load(file))
try:
    envelope.verify([SSlibKey(keyid, "ed25519", "ed25519", {"public": public})], 1)
except VerificationError as error:
    print(error)
    sys.exit(3)
print(envelope.payload.decode())
