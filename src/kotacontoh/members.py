"""Who lives in a home: roles, ages, sexes, parents and family cards."""

# ruff: noqa: PLR2004 - shares and ages of an invented city; the ones that matter have names

from dataclasses import dataclass

import numpy as np

from kotacontoh.homes import Homes
from kotacontoh.streams import Bools, Floats, Generator, Ints, Streams, clipped_normal

HEAD, SPOUSE, CHILD, CHILD_IN_LAW, GRANDCHILD, PARENT, OTHER = 1, 2, 3, 4, 5, 6, 8
MALE, FEMALE = 1, 2
TODAY = np.datetime64("2026-01-01")  # the day the true city is taken
YEAR = 365.2425

# All G: province tables give no household structure.
TWIN_SHARE = 0.018  # of later children, as linkage.md 4 measured with
DEAD_SHARE = 0.024  # of residents: remembered by lists although dead
OWN_CARD_YOUNG_COUPLE = 0.6
OWN_CARD_PARENT = 0.2
CARD_LEFT_AT_PARENTS = 0.25  # young singles who still stand on their parents' KK


@dataclass
class Members:
    """One row per person in household order; indices -1 mean nobody known."""

    household: Ints
    role: Ints
    sex: Ints
    birth: Ints  # days since 1970-01-01
    father: Ints
    mother: Ints
    spouse: Ints
    family: Ints
    card_role: Ints
    twin: Bools
    dead: Bools

    def __len__(self) -> int:
        return len(self.household)

    def age(self) -> Floats:
        """Age in years on the day of the true city."""
        return np.asarray((TODAY.astype(int) - self.birth) / YEAR, dtype=float)


@dataclass
class _Plan:
    """How each household is composed, before people are laid out."""

    head_age: Floats
    woman_leads: Bools
    spouse: Bools
    couple: Bools
    grandchildren: Ints
    parent: Bools
    other: Bools


def build_members(homes: Homes, streams: Streams) -> Members:
    """People of every household. Households keep their sizes; the dead come on top.

    A dead member takes a place of its own, so ``homes.persons`` grows by one where somebody died.
    """
    rng = streams.numpy("members")
    plan = _plan(homes.persons, rng)
    buried = (homes.kind == 0) & (rng.random(len(homes)) < DEAD_SHARE * 4.14)
    homes.persons = homes.persons + buried
    household = np.repeat(np.arange(len(homes)), homes.persons)
    slot = np.arange(len(household)) - homes.start[household]
    dead = buried[household] & (slot == homes.persons[household] - 1)
    role = _roles(plan, household, slot, homes.persons - buried, dead)
    members = _lay_out(plan, household, slot, role, dead, homes, rng)
    _share_birthdays(members, rng)
    _cards(members, plan, homes, rng)
    return members


def _plan(sizes: Ints, rng: Generator) -> _Plan:
    count = len(sizes)
    head_age = _head_ages(sizes, rng)
    woman_leads = rng.random(count) < np.where(sizes == 1, 0.5, 0.13)
    spouse = (sizes >= 2) & ~woman_leads & (rng.random(count) < 0.95)
    rest = sizes - 1 - spouse
    couple = (rest >= 3) & (head_age >= 46) & (rng.random(count) < 0.5)
    grandchildren = np.where(couple, 1 + ((rest >= 4) & (rng.random(count) < 0.35)), 0)
    parent = ~couple & (rest >= 1) & (head_age < 60) & (rng.random(count) < 0.10)
    used = np.where(couple, 2 + grandchildren, 0) + parent
    other = (rest > used) & (rng.random(count) < 0.06)
    return _Plan(head_age, woman_leads, spouse, couple, grandchildren, parent, other)


def _head_ages(sizes: Ints, rng: Generator) -> Floats:
    early = rng.random(len(sizes)) < 0.5
    mean = np.where(sizes == 1, np.where(early, 27, 67), np.where(early, 42, 54))
    mean = np.where(sizes == 2, np.where(early, 34, 65), mean)
    return clipped_normal(rng, mean, np.where(early, 6.5, 9.5), 19, 94)


def _roles(plan: _Plan, household: Ints, slot: Ints, sizes: Ints, dead: Bools) -> Ints:
    """Relation to the household head; the young couple, parent and kin sit at the end."""
    from_end = sizes[household] - 1 - slot
    role = np.full(len(slot), CHILD)
    grand, couple = plan.grandchildren[household], plan.couple[household]
    role[couple & (from_end < grand)] = GRANDCHILD
    role[couple & (from_end == grand)] = CHILD_IN_LAW
    role[plan.parent[household] & (from_end == 0)] = PARENT
    used = np.where(couple, 2 + grand, 0) + plan.parent[household]
    role[plan.other[household] & (from_end == used)] = OTHER
    role[plan.spouse[household] & (slot == 1)] = SPOUSE
    role[dead] = PARENT
    role[slot == 0] = HEAD
    return role


def _lay_out(
    plan: _Plan,
    household: Ints,
    slot: Ints,
    role: Ints,
    dead: Bools,
    homes: Homes,
    rng: Generator,
) -> Members:
    start = homes.start
    head, spouse = start[household], (start + 1)[household]
    married = _married_child(plan, household, role)
    in_law = married.nonzero()[0] + 1
    child_of_couple = np.full(len(homes), -1)
    child_of_couple[household[married]] = married.nonzero()[0]
    sex = _sexes(plan, household, role, married, rng)
    age = _ages(plan, household, role, married, dead, child_of_couple, rng)
    father, mother = _parents(plan, household, role, sex, head, spouse, child_of_couple)
    partner = np.full(len(slot), -1)
    wives = np.flatnonzero(role == SPOUSE)
    partner[wives], partner[head[wives]] = head[wives], wives
    partner[in_law], partner[married.nonzero()[0]] = married.nonzero()[0], in_law
    birth = TODAY.astype(int) - np.floor(age * YEAR).astype(np.int64) - 1
    none = np.zeros(len(slot), dtype=bool)
    blank = np.zeros(len(slot), dtype=np.int64)
    return Members(
        household,
        role,
        sex,
        birth,
        father,
        mother,
        partner,
        blank,
        blank.copy(),
        none,
        dead,
    )


def _married_child(plan: _Plan, household: Ints, role: Ints) -> Bools:
    """The son or daughter whose wife or husband follows in the next place."""
    following = np.append(role[1:], 0)
    return np.asarray((role == CHILD) & (following == CHILD_IN_LAW) & plan.couple[household])


def _sexes(plan: _Plan, household: Ints, role: Ints, married: Bools, rng: Generator) -> Ints:
    sex = np.where(rng.random(len(role)) < 0.512, MALE, FEMALE)
    leads = plan.woman_leads[household]
    sex[role == HEAD] = np.where(leads, FEMALE, MALE)[role == HEAD]
    sex[role == SPOUSE] = FEMALE
    parent = role == PARENT
    sex[parent] = np.where(rng.random(int(parent.sum())) < 0.65, FEMALE, MALE)
    sex[role == CHILD_IN_LAW] = 3 - sex[np.flatnonzero(married)]
    return sex


def _ages(
    plan: _Plan,
    household: Ints,
    role: Ints,
    married: Bools,
    dead: Bools,
    couple: Ints,
    rng: Generator,
) -> Floats:
    count = len(role)
    head_age = plan.head_age[household]
    wife_age = np.clip(head_age - rng.normal(3.5, 3.5, len(plan.head_age))[household], 17, 90)
    mother_age = np.where(plan.spouse[household], wife_age, head_age)
    age = _child_ages(mother_age, rng.random(count))
    age[married] = np.clip(20 + rng.random(count) * 15, 19, mother_age - 17)[married]
    in_law = role == CHILD_IN_LAW
    age[in_law] = np.maximum(18, age[married] + rng.normal(0, 3, int(in_law.sum())))
    grand = role == GRANDCHILD
    young = np.maximum(0.3, np.minimum(12, age[couple[household[grand]]] - 18))
    age[grand] = rng.random(int(grand.sum())) * young
    parent = role == PARENT
    age[parent] = np.minimum(97, head_age + 20 + rng.random(count) * 14)[parent]
    # Not only the old die: a fifth of the dead were between 1 and 60.
    early = dead & (rng.random(count) < 0.2)
    age[early] = 1 + rng.random(int(early.sum())) * 59
    age[role == OTHER] = 10 + rng.random(int((role == OTHER).sum())) * 35
    age[role == HEAD] = head_age[role == HEAD]
    age[role == SPOUSE] = wife_age[role == SPOUSE]
    return _eldest_first(age, household, (role == CHILD) & ~married)


def _child_ages(mother_age: Floats, draw: Floats) -> Floats:
    oldest = np.maximum(0.2, np.minimum(36, mother_age - 18))
    youngest = np.minimum(np.maximum(0, mother_age - 41), oldest - 0.1)
    return np.asarray(youngest + draw**0.72 * (oldest - youngest), dtype=float)


def _eldest_first(age: Floats, household: Ints, child: Bools) -> Floats:
    index = np.flatnonzero(child)
    order = np.lexsort((-age[index], household[index]))
    age[index] = age[index][order]
    return age


def _parents(
    plan: _Plan,
    household: Ints,
    role: Ints,
    sex: Ints,
    head: Ints,
    spouse: Ints,
    couple: Ints,
) -> tuple[Ints, Ints]:
    father, mother = np.full(len(role), -1), np.full(len(role), -1)
    child = role == CHILD
    man_leads, wed = ~plan.woman_leads[household], plan.spouse[household]
    father[child & man_leads] = head[child & man_leads]
    mother[child & wed] = spouse[child & wed]
    mother[child & ~man_leads] = head[child & ~man_leads]
    grand = np.flatnonzero(role == GRANDCHILD)
    own, partner = couple[household[grand]], couple[household[grand]] + 1
    father[grand] = np.where(sex[own] == MALE, own, partner)
    mother[grand] = np.where(sex[own] == MALE, partner, own)
    parent = np.flatnonzero(role == PARENT)
    mothers, fathers = parent[sex[parent] == FEMALE], parent[sex[parent] == MALE]
    mother[head[mothers]], father[head[fathers]] = mothers, fathers
    return father, mother


def _share_birthdays(members: Members, rng: Generator) -> None:
    """Twins get one birthday; other siblings are kept ten months apart."""
    child = np.flatnonzero(members.role == CHILD)
    later = child[1:][
        (members.household[child[1:]] == members.household[child[:-1]])
        & (child[1:] == child[:-1] + 1)
    ]
    members.twin[later] = rng.random(len(later)) < TWIN_SHARE
    for index in later.tolist():
        if members.twin[index]:
            members.birth[index] = members.birth[index - 1]
        elif 0 <= members.birth[index] - members.birth[index - 1] < 300:
            members.birth[index] = members.birth[index - 1] + 300 + int(rng.integers(0, 200))
    np.minimum(members.birth, TODAY.astype(int) - 3, out=members.birth)


def _cards(members: Members, plan: _Plan, homes: Homes, rng: Generator) -> None:
    """Family cards: mostly one a household, but couples, parents and young singles differ."""
    family = members.household.copy()
    card_role = members.role.copy()
    own_couple = (rng.random(len(homes)) < OWN_CARD_YOUNG_COUPLE)[members.household]
    married = (members.role == CHILD) & (members.spouse >= 0)
    couple = (married | (members.role == CHILD_IN_LAW)) & own_couple
    grand = (members.role == GRANDCHILD) & own_couple
    family[couple | grand] += len(homes)
    card_role[couple] = np.where(members.sex[couple] == MALE, HEAD, SPOUSE)
    card_role[grand] = CHILD
    parent = (members.role == PARENT) & (rng.random(len(family)) < OWN_CARD_PARENT)
    family[parent] += 2 * len(homes)
    card_role[parent] = HEAD
    members.family, members.card_role = family, card_role
    _leave_card_at_home(members, plan, homes, rng)


def _leave_card_at_home(members: Members, plan: _Plan, homes: Homes, rng: Generator) -> None:
    """Split families: a young single lives alone but stands on the parents' KK nearby."""
    single = np.flatnonzero((homes.persons == 1) & (plan.head_age < 33))
    single = single[rng.random(len(single)) < CARD_LEFT_AT_PARENTS]
    start = homes.start
    for home in single.tolist():
        host = max(0, home - int(rng.integers(1, 400)))
        fits = plan.head_age[host] > plan.head_age[home] + 19 and plan.spouse[host]
        if not fits or homes.kind[host] != homes.kind[home]:
            continue
        child, father = int(start[home]), int(start[host])
        members.family[child], members.card_role[child] = host, CHILD
        members.father[child], members.mother[child] = father, father + 1
        homes.ethnic[home] = homes.ethnic[host]
