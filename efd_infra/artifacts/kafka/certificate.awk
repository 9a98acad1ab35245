# Say what a private key (PKCS#8) and a certificate (X.509) hold. Each is a line of hexadecimal
# digits, the key's first: their encoding, DER (ITU-T X.690), is tag, length, content.
#
# Prints a line for each of: the key's `kind`; the public half, `key` or `certificate`; the times
# `from` and `until`, as 20060102150405; every host `name`. An EC key need not hold its public half
# (RFC 5915).

function octet(at) {
    return 16 * (index(digits, substr(der, 2 * at + 1, 1)) - 1) + \
        index(digits, substr(der, 2 * at + 2, 1)) - 1
}

# Open the element at an octet: its content is from `first` to before `next_one`.
function open(at,    length_, more) {
    if (2 * at >= length(der)) { broken = 1; exit 1 }
    tag = octet(at)
    length_ = octet(at + 1)
    first = at + 2
    if (length_ > 127) {
        more = length_ - 128
        length_ = 0
        while (more-- > 0) { length_ = 256 * length_ + octet(first++) }
    }
    next_one = first + length_
}

function content() {
    return substr(der, 2 * first + 1, 2 * (next_one - first))
}

function text(    at, written) {
    for (at = first; at < next_one; at++) { written = written sprintf("%c", octet(at)) }
    return written
}

# The element is a time: its year has two digits (UTCTime, 50 is 1950) or four.
function time(    written) {
    written = text()
    sub(/Z$/, "", written)
    if (tag == 23) { written = (substr(written, 1, 2) < 50 ? "20" : "19") written }
    return written
}

# Of an RSA key's numbers, the modulus; at its first one.
function modulus(at) {
    open(at)
    return content()
}

function key(    rsa, last, bits) {
    open(0); open(first)                # PrivateKeyInfo, version
    open(next_one)                      # algorithm
    rsa = index(content(), rsa_id)
    if (!rsa && !index(content(), ec_id)) { return }
    print "kind", rsa ? "RSA" : "EC"
    open(next_one); open(first)         # privateKey
    last = next_one
    open(first)                         # version
    if (rsa) {
        print "key", modulus(next_one)
        return
    }
    while (next_one < last) {
        open(next_one)
        if (tag == 161) {               # publicKey
            bits = next_one
            open(first)
            print "key", content()
            next_one = bits
        }
    }
}

function certificate(    last, after, rsa) {
    open(0); open(first)                # Certificate, tbsCertificate
    last = next_one
    open(first)                         # version, which version 1 leaves out
    if (tag == 160) { open(next_one) }  # serialNumber
    open(next_one); open(next_one); open(next_one)  # signature, issuer, validity
    after = next_one
    open(first)
    print "from", time()
    open(next_one)
    print "until", time()
    open(after); open(next_one)         # subject, subjectPublicKeyInfo
    after = next_one
    open(first)
    rsa = index(content(), rsa_id)
    open(next_one)
    if (rsa) {
        open(first + 1)                 # behind the number of unused bits
        print "certificate", modulus(first)
    } else {
        print "certificate", content()
    }
    while (after < last) {
        open(after)
        after = next_one
        if (tag == 163) { extensions() }
    }
}

function extensions(    last, after, names) {
    open(first)
    last = next_one
    after = first
    while (after < last) {
        open(after)
        after = next_one
        open(first)                     # extnID
        names = content() == names_id
        open(next_one)
        if (tag == 1) { open(next_one) }  # critical
        if (names) { host_names() }
    }
}

function host_names(    last) {
    open(first)
    last = next_one
    next_one = first
    while (next_one < last) {
        open(next_one)
        if (tag == 130) { print "name", tolower(text()) }
    }
}

BEGIN {
    digits = "0123456789abcdef"
    rsa_id = "2a864886f70d010101"       # 1.2.840.113549.1.1.1
    ec_id = "2a8648ce3d0201"            # 1.2.840.10045.2.1
    names_id = "551d11"                 # 2.5.29.17, subjectAltName
}
NR == 1 { der = $0; key() }
NR == 2 { der = $0; certificate() }
END { exit broken || NR != 2 }
