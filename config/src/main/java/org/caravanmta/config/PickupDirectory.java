package org.caravanmta.config;

import java.nio.file.Path;

/**
 * A directory out of which finished files are taken as mail.
 *
 * @param folder where writers move their files to; relative to the home folder
 * @param bad    where files go that are refused, each beside its reason; on the same file system
 * @param source the source whose rights they have: {@link #SOURCE} unless another was named
 */
public record PickupDirectory(Path folder, Path bad, String source) {

    /** The name that PowerMTA has for it. */
    public static final String SOURCE = "{pickup}";

    @Override
    public String toString() {
        return folder.toString();
    }
}
