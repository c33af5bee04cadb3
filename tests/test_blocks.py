import keras
import numpy as np
import pytest

from tf2docs.blocks import (
    ConvBlock,
    DenseBlock,
    InceptionBlock,
    NiNBlock,
    ResidualBlock,
    VGGBlock,
)

BLOCKS = {
    "conv": lambda **settings: ConvBlock(6, strides=2, **settings),
    "vgg": lambda **settings: VGGBlock(6, 3, **settings),
    "nin": lambda **settings: NiNBlock(6, 5, strides=2, **settings),
    "inception": lambda **settings: InceptionBlock(2, (3, 4), (1, 2), 3, **settings),
    "residual": lambda **settings: ResidualBlock(4, **settings),
    "projected": lambda **settings: ResidualBlock(6, strides=2, **settings),
    "plain": lambda **settings: ResidualBlock(6, skip=False, **settings),
    "dense": lambda **settings: DenseBlock(3, 2, **settings),
}
every = pytest.mark.parametrize("make", BLOCKS.values(), ids=BLOCKS)


def images(*shape):
    return np.random.default_rng(0).normal(size=shape).astype("float32")


def kernels(block):
    return [weight for weight in block.weights if weight.path.endswith("kernel")]


def by_hand(unit, inputs):
    """What a unit without activation gives for a batch that it sees as it is."""
    outputs = keras.ops.conv(inputs, unit.convolution.kernel, padding="same")
    return outputs if unit.norm is None else unit.norm(outputs)


@every
@pytest.mark.parametrize("size", [(8, 8), (7, 9), (1, 5)])
def test_the_shape_that_it_says_is_the_shape_that_comes(make, size):
    if min(size) == 1 and make is BLOCKS["vgg"]:
        pytest.skip("there is nothing to pool in one row")
    block, batch = make(), images(2, *size, 4)
    said = block.compute_output_shape(batch.shape)
    assert block(batch).shape == said
    assert block.compute_output_shape((None, *size, 4)) == (None, *said[1:])


@every
def test_it_is_built_for_images_of_any_size(make):
    inputs = keras.Input((None, None, 4))
    model = keras.Model(inputs, make()(inputs))
    for size in (8, 9, 12):
        outputs = model(images(2, size, size, 4))
        assert outputs.shape == model.layers[-1].compute_output_shape((2, size, size, 4))


@every
@pytest.mark.parametrize("normalization", [True, False])
def test_what_a_saved_model_predicts_it_predicts_after_loading(make, normalization, tmp_path):
    block = make(normalization=normalization)
    model = keras.Sequential([keras.Input((8, 8, 4)), block])
    batch = images(5, 8, 8, 4)
    model(batch, training=True)  # the statistics are others than at first
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert type(loaded.layers[0]) is type(block)
    assert np.array_equal(loaded(batch), model(batch))
    assert loaded.layers[0].get_config() == block.get_config()


@every
def test_a_block_is_made_once_more_from_its_config(make):
    block = make(name="mine", dtype="float64", initializer="glorot_uniform", trainable=False)
    again = type(block).from_config(block.get_config())
    assert again.get_config() == block.get_config()
    assert (again.name, again.dtype, again.trainable) == ("mine", "float64", False)
    assert type(again.initializer) is keras.initializers.GlorotUniform


@every
def test_each_kernel_is_drawn_by_itself(make):
    block = make(initializer=keras.initializers.HeNormal())
    block.build((None, 8, 8, 4))
    drawn = [kernel.numpy().ravel()[:4] for kernel in kernels(block)]
    assert len({tuple(numbers) for numbers in drawn}) == len(drawn)


@every
def test_all_kernels_start_as_the_initializer_says(make):
    block = make(initializer="ones")
    block.build((None, 8, 8, 4))
    assert kernels(block)
    assert all(np.all(kernel.numpy() == 1) for kernel in kernels(block))


@every
def test_without_normalization_there_is_a_bias_instead(make):
    names = {True: set(), False: set()}
    for normalization, found in names.items():
        block = make(normalization=normalization)
        block.build((None, 8, 8, 4))
        found |= {weight.name for weight in block.weights}
    assert names[True] >= {"kernel", "gamma", "moving_mean"}
    assert names[False] == {"kernel", "bias"}


@every
def test_normalization_knows_that_it_is_training(make):
    block, batch = make(), images(4, 8, 8, 4)
    before = block(batch)
    assert np.array_equal(block(batch, training=False), before)
    assert not np.allclose(block(batch, training=True), before, atol=1e-3)
    assert not np.allclose(block(batch), before, atol=1e-3)  # its averages have moved


@every
def test_with_mixed_precision_it_computes_in_float16_and_keeps_float32(make):
    block = make(dtype="mixed_float16")
    outputs = block(images(2, 8, 8, 4))
    assert outputs.dtype == "float16"
    assert {weight.dtype for weight in block.weights} == {"float32"}


@every
def test_every_weight_that_is_trained_gets_a_gradient(make):
    import tensorflow as tf

    block, batch = make(), images(4, 8, 8, 4)
    with tf.GradientTape() as tape:
        outputs = block(batch, training=True)
        loss = tf.reduce_sum(outputs * images(*outputs.shape))
    gradients = tape.gradient(loss, [weight.value for weight in block.trainable_weights])
    assert len(gradients) >= 2
    assert all(gradient is not None for gradient in gradients)


@every
def test_inputs_that_are_no_images_are_refused(make):
    with pytest.raises(ValueError, match=r"expected ndim=4, found ndim=2"):
        make()(images(2, 4))


def test_a_conv_block_convolves_normalizes_and_activates():
    block, batch = ConvBlock(6), images(4, 8, 8, 3)
    outputs = block(batch, training=True)
    convolved = keras.ops.conv(batch, block.convolution.kernel, padding="same").numpy()
    mean, variance = convolved.mean(axis=(0, 1, 2)), convolved.var(axis=(0, 1, 2))
    expected = np.maximum(0, (convolved - mean) / np.sqrt(variance + 1e-3))
    assert np.allclose(outputs, expected, atol=1e-4)


def test_an_activation_may_be_left_out():
    outputs = ConvBlock(6, activation=None)(images(4, 8, 8, 3)).numpy()
    assert outputs.min() < 0 < outputs.max()


@pytest.mark.parametrize(("convolutions", "reach"), [(1, 3), (2, 5), (3, 7)])
def test_3x3_convolutions_in_a_row_see_as_far_as_a_larger_one(convolutions, reach):
    block = VGGBlock(1, convolutions, initializer="ones", normalization=False)
    dot = np.zeros((1, 16, 16, 1), np.float32)
    dot[0, 8, 8] = 1
    block.build(dot.shape)
    seen = dot
    for unit in block.units:
        seen = unit(seen)
    rows = np.any(np.array(seen)[0, :, :, 0] > 0, axis=1)
    assert rows.sum() == reach


def test_a_vgg_block_takes_the_greatest_of_each_square():
    block, batch = VGGBlock(5, 1), images(2, 8, 8, 3)
    outputs = block(batch)
    before = np.array(block.units[0](batch)).reshape(2, 4, 2, 4, 2, 5)
    assert np.array_equal(outputs, before.max(axis=(2, 4)))


def test_a_1x1_convolution_mixes_the_channels_of_each_pixel_alone():
    block = NiNBlock(6, 1)
    batch = images(1, 8, 8, 3)
    outputs = np.array(block(batch))
    changed = batch.copy()
    changed[0, 2, 3] += 1
    differs = np.any(np.array(block(changed)) != outputs, axis=-1)[0]
    assert np.argwhere(differs).tolist() in ([[2, 3]], [])
    assert np.allclose(block(batch[:, ::-1])[:, ::-1], outputs, atol=1e-6)


def test_an_inception_block_puts_its_branches_side_by_side():
    block, batch = InceptionBlock(2, (3, 4), (1, 5), 6), images(2, 8, 8, 3)
    outputs = np.array(block(batch))
    assert outputs.shape == (2, 8, 8, 2 + 4 + 5 + 6)
    assert np.array_equal(outputs[..., :2], block.branches[0][0](batch))
    pooled = keras.ops.max_pool(batch, 3, 1, padding="same")
    assert np.array_equal(outputs[..., 11:], block.branches[3][1](pooled))
    sizes = [[getattr(layer, "size", "pool") for layer in branch] for branch in block.branches]
    assert sizes == [[1], [1, 3], [1, 5], ["pool", 1]]


@pytest.mark.parametrize("normalization", [True, False])
def test_a_residual_block_whose_last_convolution_is_zero_passes_its_inputs_on(normalization):
    block, batch = ResidualBlock(4, normalization=normalization), images(2, 8, 8, 4)
    block(batch)
    kernel = block.last.convolution.kernel
    kernel.assign(np.zeros(kernel.shape))
    assert np.array_equal(block(batch), np.maximum(batch, 0))
    assert np.array_equal(block(np.abs(batch), training=True), np.abs(batch))


def test_a_plain_block_whose_last_convolution_is_zero_passes_nothing_on():
    block, batch = ResidualBlock(4, skip=False), images(2, 8, 8, 4)
    block(batch)
    kernel = block.last.convolution.kernel
    kernel.assign(np.zeros(kernel.shape))
    assert not np.any(block(batch))


def test_a_residual_block_adds_its_inputs():
    with_skip, without, batch = ResidualBlock(4), ResidualBlock(4, skip=False), images(2, 8, 8, 4)
    with_skip.build(batch.shape)
    without.build(batch.shape)
    without.set_weights(with_skip.get_weights())
    before_relu = by_hand(without.last, without.first(batch))
    assert np.allclose(with_skip(batch), np.maximum(0, before_relu + batch), atol=1e-5)
    assert np.allclose(without(batch), np.maximum(0, before_relu), atol=1e-5)


@pytest.mark.parametrize(
    ("channels", "settings", "projects"),
    [
        (4, {}, False),
        (3, {}, True),
        (4, {"strides": 2}, True),
        (3, {"strides": 2}, True),
        (3, {"strides": 2, "skip": False}, False),
    ],
)
def test_inputs_are_projected_where_they_do_not_fit(channels, settings, projects):
    block = ResidualBlock(4, **settings)
    block(images(2, 7, 7, channels))
    assert (block.projection is not None) is projects
    if projects:
        assert block.projection.convolution.kernel.shape == (1, 1, channels, 4)


def test_a_skip_connection_without_projection_has_no_parameters():
    blocks = [ResidualBlock(4, skip=skip) for skip in (True, False)]
    for block in blocks:
        block.build((None, 8, 8, 4))
    assert blocks[0].count_params() == blocks[1].count_params()


def test_a_dense_block_keeps_its_inputs_and_adds_channels():
    block, batch = DenseBlock(3, 2), images(2, 8, 8, 4)
    outputs = np.array(block(batch))
    assert outputs.shape == (2, 8, 8, 4 + 3 * 2)
    assert np.array_equal(outputs[..., :4], batch)


def test_each_convolution_of_a_dense_block_sees_all_before_it():
    block = DenseBlock(3, 2)
    block.build((None, 8, 8, 4))
    assert [kernel.shape for kernel in kernels(block)] == [
        (3, 3, 4, 2),
        (3, 3, 6, 2),
        (3, 3, 8, 2),
    ]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ConvBlock(0), "filters is 0, expected a whole number of at least 1"),
        (lambda: ConvBlock(4, strides=0), "strides is 0"),
        (lambda: VGGBlock(4, 0), "convolutions is 0"),
        (lambda: NiNBlock(4, size=0), "size is 0"),
        (lambda: ResidualBlock(-1), "filters is -1"),
        (lambda: DenseBlock(1, growth_rate=0), "growth_rate is 0"),
        (lambda: InceptionBlock(1, (0, 2), (1, 2), 1), "each of threes is 0"),
    ],
)
def test_a_number_below_one_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize("value", [8, (8,), (1, 2, 3), "ab"])
def test_what_is_no_pair_is_refused(value):
    with pytest.raises(TypeError, match=r"threes is .*, expected two numbers, such as \(24, 32\)"):
        InceptionBlock(1, value, (1, 2), 1)


def test_a_network_of_blocks_learns():
    keras.utils.set_random_seed(0)
    batch = images(64, 8, 8, 3)
    labels = (batch[:, :4].mean(axis=(1, 2, 3)) > batch[:, 4:].mean(axis=(1, 2, 3))).astype(int)
    model = keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            ResidualBlock(8, strides=2),
            DenseBlock(1, 4),
            keras.layers.Flatten(),
            keras.layers.Dense(2),
        ]
    )
    loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss_fn)
    losses = model.fit(batch, labels, epochs=15, batch_size=32, verbose=0).history["loss"]
    assert losses[-1] < 0.3 * losses[0]
