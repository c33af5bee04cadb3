"""Run all pages with another TensorFlow, in an environment of its own."""
