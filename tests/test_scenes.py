import numpy as np
import pytest

from tf2docs.datasets import load_digits
from tf2docs.scenes import make_scenes


@pytest.fixture(scope="module")
def digits():
    (images, labels), _ = load_digits()
    return images[:200] / 255, labels[:200]


@pytest.fixture(scope="module")
def scenes(digits):
    return make_scenes(*digits, 60, size=64, least=0, most=3, seed=4)


def test_shapes_and_types(scenes):
    assert scenes.images.shape == (60, 64, 64, 1) and scenes.images.dtype == np.float32
    assert scenes.masks.shape == (60, 64, 64) and scenes.masks.dtype == np.int32
    assert scenes.boxes.shape == (60, 3, 4) and scenes.labels.shape == (60, 3)
    assert scenes.images.min() >= 0 and scenes.images.max() <= 1


def test_the_same_seed_gives_the_same_scenes_and_another_others(digits):
    first, again = (make_scenes(*digits, 5, seed=1) for _ in range(2))
    other = make_scenes(*digits, 5, seed=2)
    for one, two in zip(first, again, strict=True):
        assert np.array_equal(one, two)
    assert not np.array_equal(first.images, other.images)


def test_each_box_is_the_smallest_around_its_digit_and_holds_no_other(scenes):
    for mask, boxes, labels in zip(scenes.masks, scenes.boxes, scenes.labels, strict=True):
        for (top, left, bottom, right), label in zip(boxes, labels, strict=True):
            if label < 0:
                continue
            inside = mask[top:bottom, left:right]
            assert set(np.unique(inside)) <= {0, label + 1}
            for edge in (inside[0], inside[-1], inside[:, 0], inside[:, -1]):
                assert edge.any()


def test_nothing_is_marked_outside_the_boxes(scenes):
    for mask, boxes in zip(scenes.masks, scenes.boxes, strict=True):
        rest = mask.copy()
        for top, left, bottom, right in boxes[boxes[:, 0] >= 0]:
            rest[top:bottom, left:right] = 0
        assert not rest.any()


def test_boxes_dont_touch(scenes):
    for boxes in scenes.boxes:
        covered = np.zeros((66, 66), int)
        for top, left, bottom, right in boxes[boxes[:, 0] >= 0]:
            covered[top : bottom + 1, left : right + 1] += 1  # with the gap below and to the right
        assert covered.max() <= 1


def test_missing_digits_are_marked_by_minus_one_and_come_last(scenes):
    none = scenes.labels < 0
    assert np.array_equal(none, (scenes.boxes == -1).all(axis=-1))
    assert np.all(np.diff(none.astype(int), axis=1) >= 0)


def test_numbers_of_digits_are_those_asked_for(digits, scenes):
    assert set((scenes.labels >= 0).sum(axis=1)) == {0, 1, 2, 3}
    two = make_scenes(*digits, 20, least=2, most=2)
    assert np.all(two.labels >= 0)


def test_ink_is_as_bright_as_digits_are(scenes):
    ink = scenes.images[..., 0][scenes.masks > 0]
    assert ink.min() >= 0.5 * 0.6 - 1e-6


def test_brightness_doesnt_tell_digits_from_clutter(scenes):
    truth, images = scenes.masks > 0, scenes.images[..., 0]
    for threshold in np.arange(0.1, 1, 0.05):
        bright = images > threshold
        assert np.sum(bright & truth) / np.sum(bright | truth) < 0.7


def test_without_clutter_it_does(digits):
    clear = make_scenes(*digits, 30, clutter=0)
    cluttered = make_scenes(*digits, 30, clutter=10)
    bright = [
        np.sum((each.images[..., 0] > 0.62) & (each.masks == 0)) for each in (clear, cluttered)
    ]
    assert bright[1] > 3 * bright[0]


def test_other_sizes_of_scenes_and_digits(digits):
    images, labels = digits
    scenes = make_scenes(images[:, ::2, ::2], labels, 3, size=32, most=3)
    assert scenes.images.shape == (3, 32, 32, 1) and scenes.boxes.shape == (3, 3, 4)
    tall = make_scenes(np.repeat(images, 2, axis=1), labels, 2, size=64, least=1, most=1)
    top, _, bottom, _ = tall.boxes[0, 0]
    assert bottom - top > 28


def test_digits_with_an_axis_for_channels_are_refused(digits):
    with pytest.raises(ValueError, match=r"digits has the shape .* digits\[\.\.\., 0\]"):
        make_scenes(digits[0][..., np.newaxis], digits[1], 1)


@pytest.mark.parametrize("change", [lambda x: x * 255, lambda x: x - 1, lambda x: x * np.nan])
def test_other_values_are_refused(digits, change):
    with pytest.raises(ValueError, match=r"expected 0 to 1\. load_mnist\(scaled=True\)"):
        make_scenes(change(digits[0]), digits[1], 1)


def test_empty_pictures_are_refused(digits):
    empty = digits[0].copy()
    empty[3:5] = 0
    with pytest.raises(ValueError, match=r"2 digits are nowhere as bright as 0\.5"):
        make_scenes(empty, digits[1], 1)


@pytest.mark.parametrize("labels", [[1], np.full(200, 0.5), np.full(200, -1)])
def test_labels_that_dont_fit_are_refused(digits, labels):
    with pytest.raises(ValueError, match="expected 200 whole numbers from 0 on"):
        make_scenes(digits[0], labels, 1)


def test_more_digits_than_fit_are_refused(digits):
    with pytest.raises(ValueError, match=r"most is 9, .* find no place in a scene of 48x48"):
        make_scenes(*digits, 1, most=9)


def test_numbers_out_of_range_are_refused(digits):
    with pytest.raises(ValueError, match="most is 1, expected a whole number of at least 2"):
        make_scenes(*digits, 1, least=2, most=1)
    with pytest.raises(ValueError, match="scenes is 0"):
        make_scenes(*digits, 0)
    with pytest.raises(TypeError, match=r"clutter is 2\.5"):
        make_scenes(*digits, 1, clutter=2.5)
    with pytest.raises(ValueError, match=r"clouds is 1\.5, expected a brightness from 0"):
        make_scenes(*digits, 1, clouds=1.5)


def test_without_clouds_and_clutter_the_background_is_black(digits):
    plain = make_scenes(*digits, 5, clutter=0, clouds=0)
    outside = np.ones(plain.masks.shape, bool)
    for scene, boxes in zip(outside, plain.boxes, strict=True):
        for top, left, bottom, right in boxes[boxes[:, 0] >= 0]:
            scene[top:bottom, left:right] = False
    assert not plain.images[outside].any() and plain.images.any()


def test_brighter_clouds_make_a_brighter_background(digits):
    dim, bright = (make_scenes(*digits, 5, clutter=0, clouds=most) for most in (0.2, 0.8))
    assert dim.images.mean() < bright.images.mean()
