package org.caravanmta.config.value;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/**
 * Something that only its user may see. It is written as {@code env:NAME}, the value of a variable of the environment, as
 * {@code file:/PATH}, the first line of a file that only its owner can read, or as it is. Never printed.
 */
public final class Secret {

    /** Takes an inherited secret away. */
    public static final Secret NONE = new Secret("", "");

    private static final String ENV = "env:";
    private static final String FILE = "file:";
    private static final int LONGEST = 4096;

    private final String value;
    /** Where it is kept; null when it is written as it is. */
    private final String reference;

    private Secret(String value, String reference) {
        this.value = value;
        this.reference = reference;
    }

    /** The secret itself. To be handed to who needs it, and to nobody else. */
    public String reveal() {
        return value;
    }

    /** Whether it stands in the configuration itself. */
    public boolean writtenOut() {
        return reference == null;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Secret s && s.value.equals(value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    /** Where it is kept, never what it is. */
    @Override
    public String toString() {
        return reference == null ? "(secret)" : reference;
    }

    /** An empty text is {@link #NONE}. */
    public record Form() implements Grammar<Secret> {

        @Override
        public String expected() {
            return "env:NAME, file:/PATH or the secret itself";
        }

        @Override
        public Secret parse(String text) throws Misunderstood {
            if (text.isEmpty())
                return NONE;
            String value = text.startsWith(ENV) ? variable(text.substring(ENV.length()))
                    : text.startsWith(FILE) ? file(text.substring(FILE.length())) : text;
            if (value.isEmpty() || value.length() > LONGEST || value.chars().anyMatch(c -> c < ' ' || c == 127))
                throw misunderstood("the secret has 1 to " + LONGEST + " characters, none of them a control character");
            return new Secret(value, text.startsWith(ENV) || text.startsWith(FILE) ? text : null);
        }

        private String variable(String name) throws Misunderstood {
            String value = System.getenv(name);
            if (value == null)
                throw misunderstood("there is no such variable in the environment of this process: set " + name
                        + " where it is started");
            return value;
        }

        private String file(String name) throws Misunderstood {
            try {
                Path path = Path.of(name);
                if (!path.isAbsolute())
                    throw misunderstood("say the whole path, such as file:/etc/caravan/relay-password");
                checkReaders(path);
                if (Files.size(path) > LONGEST)
                    throw misunderstood("the file is longer than " + LONGEST + " bytes");
                return Files.readString(path).lines().findFirst().orElse("");
            } catch (InvalidPathException _) {
                throw misunderstood("that is no path");
            } catch (IOException e) {
                throw misunderstood("the file cannot be read: " + e.getClass().getSimpleName());
            }
        }

        private void checkReaders(Path path) throws IOException, Misunderstood {
            if (!Files.isRegularFile(path))
                throw misunderstood("there is no such file");
            Set<PosixFilePermission> who = Files.getPosixFilePermissions(path, new LinkOption[0]);
            if (who.contains(PosixFilePermission.OTHERS_READ) || who.contains(PosixFilePermission.GROUP_READ))
                throw misunderstood("others than its owner can read it: chmod go-r " + path.getFileName());
        }
    }
}
