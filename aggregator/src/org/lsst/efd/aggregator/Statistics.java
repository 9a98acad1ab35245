package org.lsst.efd.aggregator;

import java.util.Arrays;

/** Minimum, maximum, mean, median and standard deviation of numbers. */
final class Statistics {
    static final String[] NAMES = {"min", "max", "mean", "median", "stdev"};

    private Statistics() {}

    /** Returns them in the order of their names; NaN where there are too few numbers for one. */
    static double[] of(final double[] numbers, final int count) {
        final double[] found = new double[NAMES.length];
        Arrays.fill(found, Double.NaN);
        if (count == 0) {
            return found;
        }
        Arrays.sort(numbers, 0, count);
        double sum = 0;
        for (int n = 0; n < count; n++) {
            sum += numbers[n];
        }
        final double mean = sum / count;
        double squares = 0;
        for (int n = 0; n < count; n++) {
            squares += (numbers[n] - mean) * (numbers[n] - mean);
        }
        found[0] = numbers[0];
        found[1] = numbers[count - 1];
        found[2] = mean;
        found[3] =
                count % 2 == 1
                        ? numbers[count / 2]
                        : numbers[count / 2 - 1] + (numbers[count / 2] - numbers[count / 2 - 1]) / 2;
        if (count > 1) {
            // Of a sample: what is measured is taken from all that could have been.
            found[4] = Math.sqrt(squares / (count - 1));
        }
        return found;
    }
}
