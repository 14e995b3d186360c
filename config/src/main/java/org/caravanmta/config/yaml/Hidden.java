package org.caravanmta.config.yaml;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;

import org.caravanmta.config.value.Misunderstood;
import org.caravanmta.config.value.Secret;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;

/**
 * A secret: one scalar that is not repeated when it is wrong. Who writes one out into a file that everybody can read is
 * warned.
 */
public record Hidden() implements Shape<Secret> {

    private static final Secret.Form FORM = new Secret.Form();

    @Override
    public String expected() {
        return FORM.expected();
    }

    @Override
    public Secret ofText(String text) throws Misunderstood {
        return FORM.parse(text);
    }

    @Override
    public Secret read(Node node, Problems problems) {
        if (!(node instanceof ScalarNode scalar))
            return Shape.super.read(node, problems);
        problems.count(node);
        try {
            Secret secret = ofText(scalar.getValue().strip());
            if (secret.writtenOut() && everybodyReads(node.getStartMark().getName()))
                problems.warn(node, "a secret in a file that everybody on this machine can read",
                        "env:NAME or file:/PATH", "put it into a file of its own, or chmod o-r this one");
            return secret;
        } catch (Misunderstood e) {
            problems.add(node, "something else", e.expected(), e.hint());
            return null;
        }
    }

    private static boolean everybodyReads(String file) {
        try {
            return Files.getPosixFilePermissions(Path.of(file)).contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException | InvalidPathException _) {
            return false; // it did not come from a file
        }
    }
}
