package org.lsst.efd.aggregator;

/**
 * What is left of one record.
 *
 * @param shape the numbers that it may have
 * @param time milliseconds since 1970
 * @param instance which of several of its component, or null
 * @param numbers by the fields of the shape
 */
record Sample(Shape shape, long time, Number instance, double[][] numbers) {}
