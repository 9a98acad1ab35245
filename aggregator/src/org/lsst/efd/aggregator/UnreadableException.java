package org.lsst.efd.aggregator;

/** A record that nobody can read, now or later; the message says why. */
final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1L;

    UnreadableException(final String why) {
        super(why);
    }
}
