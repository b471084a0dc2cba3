"""Verifies the hash chains and Merkle roots of a bundle, by docs/reference/ledger-format.md and nothing else.

python3 independent_verifier.py FILE: prints what it verified and exits 0, or prints what is wrong and exits 3.
"""
import hashlib
import json
import sys


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def merkle(hashes):
    if not hashes:
        return sha()
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return sha(b"\x01", merkle(hashes[:split]), merkle(hashes[split:]))


def canonical(value):
    # Enough for checkpoints and leaves: integers, hex and names of ASCII.
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def require(condition, what):
    if not condition:
        print(what)
        sys.exit(3)


def main(path):
    checkpoints, leaves, entries, chain, ended = [], [], 0, None, False

    def end_chain():
        if chain is None:
            return
        name, head, position, last, sealed = chain
        require((position, last.hex()) == (head["entries"], head["hash"]), f"{name} does not end at its head")
        for i, leaf in enumerate(sealed):
            require(leaf["position"] in hashes and hashes[leaf["position"]] == leaf["hash"], f"{name} is not what was sealed")
            until = sealed[i + 1]["from"] if i + 1 < len(sealed) else len(checkpoints) + 1
            fact = canonical({"chain": name, "hash": leaf["hash"], "position": leaf["position"]})
            for number in range(leaf["from"], until):
                leaves[number - 1].append((leaf["position"], sha(b"\x00", fact)))

    with open(path, "rb") as file:
        for lines, raw in enumerate(file):
            require(raw.endswith(b"\n") and not ended, "cut short, or going on behind its end")
            if raw[:1] == b"[":
                given, body = raw[2:66].decode(), raw[68:-2]
                chain[2], chain[3] = chain[2] + 1, sha(chain[3], body)
                require(chain[3].hex() == given, f"{chain[0]}: entry {chain[2]} does not follow")
                hashes[chain[2]] = given
                entries += 1
                continue
            line = json.loads(raw)
            if line["type"] == "leaf":
                chain[4].append(line)
                continue
            end_chain()
            chain = None
            if line["type"] == "checkpoint":
                before = hashlib.sha256(canonical(checkpoints[-1])).hexdigest() if checkpoints else None
                require(line["checkpoint"]["previous"] == before, f"checkpoint {len(checkpoints) + 1} does not follow")
                checkpoints.append(line["checkpoint"])
                leaves.append([])
            elif line["type"] == "chain":
                hashes = {}
                chain = [line["chain"], line, 0, sha(b"airworthy-ledger/1:" + line["chain"].encode()), []]
            elif line["type"] == "end":
                ended = line["lines"] == lines
    require(ended, "cut short")
    for checkpoint, sealed in zip(checkpoints, leaves):
        number = checkpoint["number"]
        require(merkle([leaf for _, leaf in sealed]).hex() == checkpoint["root"], f"checkpoint {number}: another root")
        require(sum(position for position, _ in sealed) == checkpoint["entries"], f"checkpoint {number}: other entries")
    print(f"{entries} entries, {len(checkpoints)} checkpoints")


main(sys.argv[1])
