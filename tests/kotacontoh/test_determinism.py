from hashlib import sha256

from kotacontoh.build import Order, build


def fingerprints(folder):
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_seed_writes_the_same_bytes(mini, tmp_path):
    build(Order("mini", 7, tmp_path))

    assert fingerprints(tmp_path) == fingerprints(mini)


def test_another_seed_writes_other_people(mini, tmp_path):
    build(Order("mini", 8, tmp_path))

    first, second = fingerprints(mini), fingerprints(tmp_path)
    assert first.keys() == second.keys()
    assert not set(first.values()) & set(second.values())
