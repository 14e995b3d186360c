package org.caravanmta.bounce.category;

/**
 * A text that everything which a regular expression matches must hold: most expressions need not be tried on most
 * replies. Careful: whatever is not surely understood gives none.
 */
final class RequiredText {

    private static final int SHORTEST = 3;

    private final String re;
    private int i;
    private final StringBuilder run = new StringBuilder();
    private String longest = "";

    private RequiredText(String re) {
        this.re = re;
    }

    /** Lower case, at least {@value #SHORTEST} ASCII characters; null when there is none. */
    static String of(String re) {
        RequiredText r = new RequiredText(re);
        return r.read() && r.longest.length() >= SHORTEST ? r.longest : null;
    }

    private boolean read() {
        while (i < re.length()) {
            char c = re.charAt(i++);
            switch (c) {
                case '|' -> {
                    return false;
                }
                case '(' -> {
                    end();
                    if (!skipGroup())
                        return false;
                }
                case '[' -> {
                    end();
                    if (!skipClass())
                        return false;
                }
                case '.', '^', '$' -> end();
                case '*', '?' -> endWithoutLast();
                case '{' -> {
                    endWithoutLast();
                    i = re.indexOf('}', i) + 1;
                    if (i == 0)
                        return false;
                }
                case '+' -> end();
                case '\\' -> {
                    if (!escape())
                        return false;
                }
                default -> add(c);
            }
        }
        end();
        return true;
    }

    private void add(char c) {
        if (c < ' ' || c > '~')
            end();
        else
            run.append(Character.toLowerCase(c));
    }

    /** A blank at the border of a run stands, since texts have their blanks collapsed as expressions see them too. */
    private void end() {
        if (run.length() > longest.length())
            longest = run.toString();
        run.setLength(0);
    }

    private void endWithoutLast() {
        run.setLength(Math.max(0, run.length() - 1));
        end();
    }

    private boolean escape() {
        if (i >= re.length())
            return false;
        char c = re.charAt(i++);
        if ("dDsSwWbBAz".indexOf(c) >= 0) {
            end();
            return true;
        }
        if (Character.isLetterOrDigit(c))
            return false;
        add(c);
        return true;
    }

    private boolean skipGroup() {
        if (re.startsWith("?i)", i)) {
            i += 3;
            return true;
        }
        if (re.startsWith("?", i) && !re.startsWith("?:", i) && !re.startsWith("?P<", i))
            return false;
        for (int depth = 1; i < re.length();) {
            char c = re.charAt(i++);
            if (c == '\\') {
                if (i < re.length() && re.charAt(i) == 'Q')
                    return false;
                i++;
            } else if (c == '[' && !skipClass()) {
                return false;
            } else if (c == '(') {
                depth++;
            } else if (c == ')' && --depth == 0) {
                return true;
            }
        }
        return false;
    }

    /** Behind the opening bracket. */
    private boolean skipClass() {
        if (re.startsWith("^", i))
            i++;
        if (re.startsWith("]", i))
            i++;
        while (i < re.length()) {
            char c = re.charAt(i++);
            if (c == '\\')
                i++;
            else if (c == '[')
                return false;
            else if (c == ']')
                return true;
        }
        return false;
    }
}
