"""The panel network's life: figures drawn ahead, training, evaluation. Inference: `exsclaim.figures.detection`."""
