"""The layer with a Java runtime, cut from the machine's own JDK."""

import re
import shutil
from pathlib import Path

from devkit import debian
from devkit.errors import DevkitError
from devkit.images import pins, userland
from devkit.images.layer import Layer
from devkit.program import run
from devkit.progress import step

_JDK = f"openjdk-{pins.JAVA}-jdk-headless"

_LIBRARIES = ("zlib1g", "libstdc++6")
"""What the virtual machine itself is linked with."""

_MODULES = (
    "java.compiler",
    "java.desktop",  # java.beans, of which JMX and Jackson make use
    "java.instrument",  # the JMX exporter is an agent
    "java.logging",
    "java.management",
    "java.management.rmi",
    "java.naming",
    "java.net.http",
    "java.rmi",
    "java.scripting",
    "java.security.jgss",
    "java.security.sasl",
    "java.sql",
    "java.transaction.xa",
    "java.xml.crypto",
    "jdk.crypto.ec",
    "jdk.httpserver",  # where the JMX exporter answers
    "jdk.jfr",
    "jdk.management",
    "jdk.management.agent",
    "jdk.net",
    "jdk.security.auth",
    "jdk.security.jgss",
    "jdk.unsupported",
    "jdk.zipfs",
)


def _fill(root: Path, _cache: Path) -> None:
    with step("cutting a Java runtime"):
        debian.unpack(_LIBRARIES, root, beside=userland.PACKAGES)
        runtime = root / "opt" / "java"
        runtime.parent.mkdir()
        jlink = _jlink()
        modules = f"--add-modules={','.join(_MODULES)}"
        # Without debug symbols of Java code; those of libraries are no part of Debian's.
        slim = ("--strip-java-debug-attributes", "--no-header-files", "--no-man-pages")
        # One compiler of two: servers here live for minutes, on few cores, and start often.
        quick = "--add-options=-XX:TieredStopAtLevel=1"
        run([jlink, modules, *slim, quick, f"--output={runtime}"], package=_JDK)
        # No archive of classes (-Xshare:dump): it saves a tenth of a second at each start, and
        # is another one each time it is made.
    for program in sorted((runtime / "bin").iterdir()):
        (root / "usr" / "bin" / program.name).symlink_to(f"/opt/java/bin/{program.name}")
    shutil.rmtree(runtime / "legal", ignore_errors=True)


def _jlink() -> str:
    """Find a jlink of the pinned version, which decides the version of the runtime."""
    versioned = Path(f"/usr/lib/jvm/java-{pins.JAVA}-openjdk-amd64/bin/jlink")
    jlink = str(versioned) if versioned.exists() else "jlink"
    version = run([jlink, "--version"], package=_JDK).strip()
    if not re.match(rf"{pins.JAVA}\b", version):
        raise DevkitError(f"jlink is of Java {version}", f"Debian: apt-get install {_JDK}")
    return jlink


JAVA = Layer(
    "java",
    (debian.release(), pins.JAVA, *_LIBRARIES, *_MODULES),
    userland.made_with(Path(__file__)),
    _fill,
)
