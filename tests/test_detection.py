import keras
import numpy as np
import pytest
import tensorflow as tf
from sklearn.metrics import average_precision_score, precision_recall_curve

from tf2docs.detection import (
    DetectionLoss,
    Detections,
    average_precision,
    box_iou,
    decode_grid,
    detector,
    grid_targets,
    mean_average_precision,
    non_max_suppression,
    precision_recall,
)

SIZE = 48


def random_boxes(count, seed=0):
    random = np.random.default_rng(seed)
    begins = random.integers(0, 30, (count, 2))
    return np.concatenate([begins, begins + random.integers(4, 18, (count, 2))], axis=1)


def said(boxes, scores, labels):
    return Detections(np.array(boxes).reshape(-1, 4), np.array(scores), np.array(labels, int))


NOTHING = said([], [], [])


def outputs_for(targets, classes, sure=20.0):
    """What a detector would put out that knows the targets."""
    logits = sure * np.eye(classes + 1)[targets[..., 0].astype(int)]
    return np.concatenate([logits, targets[..., 1:]], axis=-1).astype("float32")


# Boxes


def test_iou_by_hand():
    shares = box_iou([[0, 0, 2, 3]], [[0, 0, 2, 3], [1, 1, 3, 3], [0, 3, 2, 5], [9, 9, 10, 10]])
    assert shares.tolist() == [[1, 2 / (6 + 4 - 2), 0, 0]]


def test_iou_agrees_with_keras():
    first, second = random_boxes(9), random_boxes(7, seed=1)
    by_keras = keras.utils.bounding_boxes.compute_iou(
        first.astype("float32"), second.astype("float32"), "yxyx"
    )
    assert np.allclose(box_iou(first, second), by_keras, atol=1e-6)


def test_empty_boxes_share_nothing():
    assert box_iou([[-1, -1, -1, -1]], [[-1, -1, -1, -1], [0, 0, 2, 2]]).tolist() == [[0, 0]]


def test_no_boxes_are_no_error():
    assert box_iou([], [[0, 0, 1, 1]]).shape == (0, 1)
    assert non_max_suppression([], []).shape == (0,)


def test_other_formats_are_refused():
    with pytest.raises(ValueError, match=r"second has a box that ends .*convert_format"):
        box_iou([[0, 0, 2, 2]], [[30, 30, 10, 10]])
    with pytest.raises(ValueError, match=r"first has the shape \(4,\).* give \[box\]"):
        box_iou([0, 0, 2, 2], [[0, 0, 2, 2]])


# Suppression


def test_suppression_by_hand():
    """The second overlaps the first and the third; it is dropped, and drops nothing itself."""
    boxes = [[0, 0, 10, 10], [0, 4, 10, 14], [0, 8, 10, 18]]
    assert non_max_suppression(boxes, [0.9, 0.8, 0.7], overlap=0.4).tolist() == [0, 2]
    assert non_max_suppression(boxes, [0.8, 0.9, 0.7], overlap=0.4).tolist() == [1]
    assert non_max_suppression(boxes, [0.7, 0.8, 0.9]).tolist() == [2, 1, 0]


@pytest.mark.parametrize("overlap", [0.1, 0.3, 0.5, 0.9])
def test_suppression_agrees_with_tensorflow(overlap):
    boxes, scores = random_boxes(60), np.random.default_rng(1).random(60, dtype="float32")
    theirs = tf.image.non_max_suppression(
        boxes.astype("float32"), scores, 60, iou_threshold=overlap
    )
    assert non_max_suppression(boxes, scores, overlap=overlap).tolist() == theirs.numpy().tolist()


def test_suppression_by_class_agrees_with_tensorflow():
    random = np.random.default_rng(2)
    boxes, scores = random_boxes(40), random.random(40, dtype="float32")
    labels = random.integers(3, size=40)
    theirs = tf.image.combined_non_max_suppression(
        boxes[np.newaxis, :, np.newaxis].astype("float32"),
        np.where(np.eye(3, dtype=bool)[labels], scores[:, np.newaxis], -1)[np.newaxis],
        max_output_size_per_class=40,
        max_total_size=40,
        score_threshold=0.0,
        clip_boxes=False,
    )
    kept = non_max_suppression(boxes, scores, labels)
    count = int(theirs.valid_detections[0])
    assert len(kept) == count
    assert np.allclose(scores[kept], theirs.nmsed_scores[0, :count])
    assert np.array_equal(labels[kept], theirs.nmsed_classes[0, :count])


def test_other_classes_are_kept_if_labels_are_given():
    boxes = [[0, 0, 10, 10], [0, 0, 10, 10]]
    assert non_max_suppression(boxes, [0.5, 0.9]).tolist() == [1]
    assert non_max_suppression(boxes, [0.5, 0.9], [4, 9]).tolist() == [1, 0]


def test_missing_scores_are_refused():
    with pytest.raises(ValueError, match=r"scores has the shape \(1,\), expected \(2,\)"):
        non_max_suppression([[0, 0, 1, 1]] * 2, [0.5])
    with pytest.raises(ValueError, match="labels has the shape"):
        non_max_suppression([[0, 0, 1, 1]], [0.5], [1, 2])


# The measure

LEFT, RIGHT, BELOW = [0, 0, 10, 10], [0, 20, 10, 30], [20, 0, 30, 10]


def test_precision_and_recall_by_hand():
    found = [said([LEFT, BELOW, RIGHT], [0.9, 0.8, 0.7], [1, 1, 1])]
    precision, recall = precision_recall(found, [[LEFT, RIGHT]], [[1, 1]])
    assert precision.tolist() == [1, 1 / 2, 2 / 3]
    assert recall.tolist() == [1 / 2, 1 / 2, 1]
    # up to a recall of 1/2 the precision is 1, and then 2/3
    assert average_precision(precision, recall) == pytest.approx(1 / 2 * 1 + 1 / 2 * 2 / 3)


def test_of_two_boxes_on_one_thing_the_surer_is_right():
    found = [said([LEFT, LEFT], [0.4, 0.9], [1, 1])]
    precision, recall = precision_recall(found, [[LEFT, RIGHT]], [[1, 1]])
    assert precision.tolist() == [1, 1 / 2] and recall.tolist() == [1 / 2, 1 / 2]


def test_each_box_takes_what_is_left():
    """Both overlap the true box on the left enough; the second takes the other one."""
    beside = [0, 3, 10, 13]
    found = [said([LEFT, [0, 1, 10, 11]], [0.9, 0.8], [1, 1])]
    precision, _ = precision_recall(found, [[LEFT, beside]], [[1, 1]])
    assert precision.tolist() == [1, 1]


def test_the_class_must_be_right():
    found = [said([LEFT], [0.9], [2])]
    assert precision_recall(found, [[LEFT]], [[1]])[1].tolist() == [0]
    assert mean_average_precision(found, [[LEFT]], [[1]]) == 0


def test_iou_decides_at_the_threshold():
    found = [said([[0, 0, 10, 5]], [0.9], [1])]  # half of the true box
    assert mean_average_precision(found, [[LEFT]], [[1]], iou=0.5) == 1
    assert mean_average_precision(found, [[LEFT]], [[1]], iou=0.51) == 0


def test_all_images_are_in_one_ranking():
    found = [said([LEFT], [0.5], [1]), said([LEFT], [0.9], [1])]
    precision, recall = precision_recall(found, [[LEFT], [RIGHT]], [[1], [1]])
    assert precision.tolist() == [0, 1 / 2] and recall.tolist() == [0, 1 / 2]


def test_a_whole_example_by_hand():
    """Two images and two classes: 7, of which there are three, and 4, of which there is one."""
    first = said(
        [LEFT, LEFT, RIGHT, RIGHT, BELOW],
        [0.90, 0.80, 0.70, 0.50, 0.97],
        [7, 7, 7, 4, 4],
    )
    second = said([BELOW, RIGHT], [0.6, 0.95], [7, 4])
    boxes, labels = [[LEFT, RIGHT], [LEFT, BELOW]], [[7, 4], [7, 7]]
    # of 7: right, a second box on the same digit, the wrong class, right; one is never found
    precision, recall = precision_recall([first, second], boxes, labels, label=7)
    assert precision.tolist() == [1, 1 / 2, 1 / 3, 2 / 4]
    assert recall.tolist() == [1 / 3, 1 / 3, 1 / 3, 2 / 3]
    of_seven = 1 / 3 * 1 + 1 / 3 * 1 / 2
    # of 4: twice nothing is there, in either image, then right
    precision, recall = precision_recall([first, second], boxes, labels, label=4)
    assert precision.tolist() == [0, 0, 1 / 3] and recall.tolist() == [0, 0, 1]
    of_four = 1 * 1 / 3
    whole = mean_average_precision([first, second], boxes, labels)
    assert whole == pytest.approx((of_seven + of_four) / 2)


def test_the_mean_is_over_classes_that_occur():
    found = [said([LEFT, BELOW], [0.9, 0.8], [1, 7]), NOTHING]
    boxes, labels = [[LEFT, RIGHT], [LEFT, LEFT]], [[1, 3], [-1, -1]]
    assert mean_average_precision(found, boxes, labels) == (1 + 0) / 2


def test_all_found_and_nothing_else_is_one_and_nothing_found_is_nought():
    boxes = np.array([random_boxes(3, seed) for seed in range(4)])
    labels = np.random.default_rng(0).integers(10, size=(4, 3))
    perfect = [said(*trio) for trio in zip(boxes, np.ones((4, 3)), labels, strict=True)]
    assert mean_average_precision(perfect, boxes, labels) == 1
    assert mean_average_precision([NOTHING] * 4, boxes, labels) == 0


def test_detections_of_lower_score_dont_change_what_came_before():
    sure = said([LEFT], [0.9], [1])
    more = said([LEFT, BELOW], [0.9, 0.1], [1, 1])
    assert mean_average_precision([more], [[LEFT]], [[1]]) == mean_average_precision(
        [sure], [[LEFT]], [[1]]
    )


def test_average_precision_agrees_with_scikit_learn_where_it_interpolates_nothing():
    """Where precision never rises, and all is found, both compute the same area."""
    hits, scores = np.array([1, 1, 0, 0]), np.array([0.9, 0.8, 0.7, 0.6])
    precision, recall = np.cumsum(hits) / np.arange(1, 5), np.cumsum(hits) / 2
    assert average_precision(precision, recall) == average_precision_score(hits, scores) == 1


def test_average_precision_is_that_under_the_highest_points_of_scikit_learns_curve():
    random = np.random.default_rng(0)
    hits, scores = random.integers(2, size=50), random.random(50)
    precision, recall, _ = (each[::-1] for each in precision_recall_curve(hits, scores))
    ours = average_precision(precision, recall)
    places = np.linspace(0, 1, 100_001)[1:]
    highest = [precision[recall >= place - 1e-9].max() for place in places[::100]]
    assert ours == pytest.approx(np.mean(highest), abs=0.002)
    assert ours >= average_precision_score(hits, scores)


def test_no_truth_is_refused():
    for measure in (precision_recall, mean_average_precision):
        with pytest.raises(ValueError, match="labels has no box of any class"):
            measure([NOTHING], [[LEFT]], [[-1]])
    with pytest.raises(ValueError, match="labels has no box of class 5"):
        precision_recall([NOTHING], [[LEFT]], [[1]], label=5)


def test_one_entry_for_each_image_is_asked_for():
    with pytest.raises(ValueError, match="found has 2 entries and boxes 1"):
        mean_average_precision([NOTHING] * 2, [[LEFT]], [[1]])


@pytest.mark.parametrize("boxes, labels", [([LEFT], [1]), ([[LEFT]], [[1, 2]])])
def test_truth_of_another_shape_is_refused(boxes, labels):
    with pytest.raises(ValueError, match=r"expected \(images, most, 4\)"):
        mean_average_precision([NOTHING], boxes, labels)


def test_labels_are_whole_numbers():
    with pytest.raises(ValueError, match="labels is of type float64"):
        precision_recall([NOTHING], [[LEFT]], [[1.0]])


def test_a_curve_backwards_is_refused():
    with pytest.raises(ValueError, match=r"recall falls.*\[::-1\]"):
        average_precision([0.5, 1], [1, 0.5])
    with pytest.raises(ValueError, match=r"precision has the shape \(2,\)"):
        average_precision([0.5, 1], [1])


# Targets and what is made of outputs


def test_targets_come_back_as_boxes():
    boxes = random_boxes(1)[np.newaxis]
    targets = grid_targets(boxes, [[3]], SIZE)
    [found] = decode_grid(outputs_for(targets, 10))
    assert len(found.boxes) == np.sum(targets[..., 0] > 0)
    assert np.allclose(found.boxes, boxes[0], atol=1e-4) and set(found.labels) == {3}
    [kept] = non_max_suppression(found.boxes, found.scores)
    assert box_iou(found.boxes[[kept]], boxes[0])[0, 0] > 0.999


@pytest.mark.parametrize("reach, count", [(0, 1), (1, 9), (2, 25)])
def test_places_around_the_centre_answer(reach, count):
    targets = grid_targets([[[16, 16, 30, 30]]], [[0]], SIZE, reach=reach)
    rows, columns = np.nonzero(targets[0, ..., 0])
    assert len(rows) == count
    assert set(rows) == set(columns) == set(range(5 - reach, 6 + reach))


def test_at_the_border_fewer_places_answer():
    targets = grid_targets([[[0, 0, 6, 6]]], [[0]], SIZE)
    assert np.sum(targets[..., 0] > 0) == 4


def test_a_place_belongs_to_the_nearer_box_in_any_order():
    boxes, labels = np.array([[[0, 0, 20, 20], [0, 4, 20, 34]]]), np.array([[1, 2]])
    targets = grid_targets(boxes, labels, SIZE)
    assert targets[0, 2, :, 0].tolist()[:7] == [0, 2, 2, 2, 3, 3, 0]
    again = grid_targets(boxes[:, ::-1], labels[:, ::-1], SIZE)
    assert np.array_equal(targets, again)


def test_minus_one_is_no_box():
    targets = grid_targets([[[-1, -1, -1, -1]]], [[-1]], SIZE)
    assert not targets.any()


def test_boxes_that_cant_be_are_refused():
    with pytest.raises(ValueError, match=r"boxes has \[4.0, 4.0, 4.0, 9.0\] with the label 1"):
        grid_targets([[[4, 4, 4, 9]]], [[1]], SIZE)
    with pytest.raises(ValueError, match="centre within 48x48"):
        grid_targets([[[60, 4, 70, 9]]], [[1]], SIZE)
    with pytest.raises(ValueError, match="size is 50, expected a multiple of the stride, 4"):
        grid_targets([[[0, 0, 4, 4]]], [[1]], 50)


def test_unsure_places_give_no_boxes():
    outputs = np.zeros((2, 3, 3, 1 + 4 + 4))
    assert [len(each.boxes) for each in decode_grid(outputs, least=0.21)] == [0, 0]
    assert [len(each.boxes) for each in decode_grid(outputs, least=0.19)] == [9, 9]


def test_detections_come_by_falling_score():
    outputs = np.random.default_rng(0).normal(size=(1, 4, 4, 1 + 3 + 4))
    [found] = decode_grid(outputs, least=0)
    assert np.all(np.diff(found.scores) <= 0) and found.boxes.shape == (16, 4)


def test_huge_numbers_give_finite_boxes():
    [found] = decode_grid(np.full((1, 2, 2, 1 + 2 + 4), 1e6), least=0)
    assert np.isfinite(found.boxes).all()


def test_outputs_of_another_shape_are_refused():
    with pytest.raises(ValueError, match=r"\(3, 3, 9\), expected .* outputs\[numpy\.newaxis\]"):
        decode_grid(np.zeros((3, 3, 9)))


# Network and loss


def test_a_detector_answers_at_each_place_of_any_size(tmp_path):
    model = detector((None, None, 1), 3, widths=(2, 3, 4))
    for size in (8, 16):
        images = np.random.default_rng(0).random((2, size, 12, 1), dtype="float32")
        outputs = model(images)
        assert outputs.shape == (2, size // 4, 3, 1 + 3 + 4)
    model.save(tmp_path / "net.keras")
    assert np.allclose(keras.models.load_model(tmp_path / "net.keras")(images), outputs, atol=1e-6)


def test_sizes_and_widths_that_dont_fit_are_refused():
    for shape, widths in (((18, 16, 1), (2, 3)), ((16, 16, 1), (2,))):
        with pytest.raises(ValueError, match="multiples of 4, and at least two widths"):
            detector(shape, 3, widths=widths)


TARGETS = grid_targets([[LEFT, RIGHT], [BELOW, BELOW]], [[0, 2], [1, -1]], SIZE, reach=1)


def test_the_loss_is_nought_when_sure_and_right():
    assert float(DetectionLoss()(TARGETS, outputs_for(TARGETS, 3, sure=90))) == pytest.approx(0)


def test_without_boxes_it_is_keras_cross_entropy_by_answering_place():
    outputs = np.random.default_rng(0).normal(size=(2, 12, 12, 1 + 3 + 4)).astype("float32")
    keras_loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction="sum")
    summed = float(keras_loss(TARGETS[..., 0], outputs[..., :-4]))
    answering = np.sum(TARGETS[..., 0] > 0)
    ours = float(DetectionLoss(box_weight=0)(TARGETS, outputs))
    assert ours == pytest.approx(summed / answering, rel=1e-5)


def test_with_focus_it_is_keras_focal_loss():
    outputs = np.random.default_rng(0).normal(size=(2, 12, 12, 1 + 3 + 4)).astype("float32")
    keras_loss = keras.losses.CategoricalFocalCrossentropy(
        alpha=1.0, gamma=2.0, from_logits=True, reduction="sum"
    )
    one_hot = np.eye(4, dtype="float32")[TARGETS[..., 0].astype(int)]
    summed = float(keras_loss(one_hot, outputs[..., :-4]))
    answering = np.sum(TARGETS[..., 0] > 0)
    ours = float(DetectionLoss(2, box_weight=0)(TARGETS, outputs))
    assert ours == pytest.approx(summed / answering, rel=1e-3)


def test_boxes_count_where_a_place_answers_and_nowhere_else():
    outputs = outputs_for(TARGETS, 3, sure=90)
    elsewhere, there = outputs.copy(), outputs.copy()
    elsewhere[TARGETS[..., 0] == 0, -4:] += 5
    there[TARGETS[..., 0] > 0, -4:] += 0.5
    assert float(DetectionLoss()(TARGETS, elsewhere)) == pytest.approx(0)
    assert float(DetectionLoss()(TARGETS, there)) == pytest.approx(4 * 0.5)
    assert float(DetectionLoss(box_weight=3)(TARGETS, there)) == pytest.approx(3 * 4 * 0.5)


def test_a_batch_without_boxes_has_a_finite_loss():
    targets = np.zeros((1, 4, 4, 5), "float32")
    assert np.isfinite(float(DetectionLoss()(targets, np.zeros((1, 4, 4, 8), "float32"))))


def test_it_trains_and_is_saved(tmp_path):
    model = keras.Sequential([keras.Input((4, 4, 1)), keras.layers.Conv2D(8, 1)])
    model.compile(keras.optimizers.SGD(0.05), DetectionLoss(2, box_weight=0.5))
    targets = grid_targets([[[0, 0, 8, 8]]] * 8, [[1]] * 8, 16, reach=0)
    images = targets[..., :1]
    history = model.fit(images, targets, epochs=20, verbose=0).history
    assert history["loss"][-1] < 0.7 * history["loss"][0]
    model.save(tmp_path / "net.keras")
    loss = keras.models.load_model(tmp_path / "net.keras").loss
    assert (loss.focus, loss.box_weight) == (2, 0.5)


def test_targets_that_dont_fit_are_refused():
    with pytest.raises(ValueError, match=r"\(2, 12, 12, 5\) and outputs \(2, 6, 6, 8\)"):
        DetectionLoss()(TARGETS, np.zeros((2, 6, 6, 8), "float32"))
    with pytest.raises(ValueError, match="focus is -1"):
        DetectionLoss(-1)


def test_numbers_that_are_none_are_refused():
    box, label = [[LEFT]], [[1]]
    with pytest.raises(TypeError, match="overlap is 'half'"):
        non_max_suppression([LEFT], [0.5], overlap="half")
    with pytest.raises(TypeError, match="iou is None"):
        precision_recall([NOTHING], box, label, iou=None)
    with pytest.raises(TypeError, match="iou is None"):
        mean_average_precision([NOTHING], box, label, iou=None)
    with pytest.raises(TypeError, match=r"stride is 4\.0"):
        grid_targets(box, label, SIZE, stride=4.0)
    with pytest.raises(TypeError, match=r"classes is 2\.5"):
        detector((16, 16, 1), 2.5)
    with pytest.raises(TypeError, match="box_weight is '1'"):
        DetectionLoss(box_weight="1")
    with pytest.raises(TypeError, match="least is None"):
        decode_grid(np.zeros((1, 2, 2, 8)), least=None)
