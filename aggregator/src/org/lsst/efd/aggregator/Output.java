package org.lsst.efd.aggregator;

/**
 * A record to be written.
 *
 * @param topic where to
 * @param bytes its value
 */
record Output(String topic, byte[] bytes) {}
