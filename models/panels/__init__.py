"""The panel network's life: figures drawn ahead, training, evaluation. Inference is `exsclaim.figures.panels`."""
