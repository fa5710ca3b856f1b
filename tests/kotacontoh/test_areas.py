from kotacontoh.areas import all_kelurahan, kelurahan_by_code, spellings


def test_the_city_has_68_kelurahan_of_which_six_are_new():
    areas = all_kelurahan()

    assert len(areas) == 68
    assert sum(area.is_new for area in areas) == 6


def test_a_new_kelurahan_names_the_old_one_its_residents_papers_show():
    talang_gulo = kelurahan_by_code("15.71.07.1011")

    assert [kelurahan_by_code(code).name for code in talang_gulo.parents] == ["Kenali Asam Bawah"]


def test_kecamatan_digits_of_synthetic_numbers_start_at_81():
    assert sorted({area.pair for area in all_kelurahan()}) == list(range(81, 92))


def test_roman_numerals_are_spelt_out_by_some_offices():
    assert "Simpang Tiga Sipin" in spellings("Simpang III Sipin")
