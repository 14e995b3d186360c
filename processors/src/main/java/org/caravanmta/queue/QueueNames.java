package org.caravanmta.queue;

/** Builds every queue name; nobody else does. Names hold only characters that mean nothing to the broker. */
public final class QueueNames {

    public static final String VMTA = "vmta.";
    public static final String RETRY = "retry.";
    public static final String ORDER = "order.";
    public static final String PARKED = "parked";
    private static final String JOB = "~";
    public static final String EVENTS = "events";

    private QueueNames() {
    }

    /** The main queue of a VirtualMTA. */
    public static String virtualMta(String name) {
        return VMTA + safeName(name);
    }

    /** The queue split off while a destination of a VirtualMTA is congested. */
    public static String destination(String virtualMta, String destination) {
        return VMTA + safeName(virtualMta) + "." + safe(destination);
    }

    /** Where mail of a job waits that the job's limits hold up. No destination begins with that mark. */
    public static String job(String virtualMta, String job) {
        return VMTA + safeName(virtualMta) + "." + JOB + safe(job);
    }

    /** The job of a queue made by {@link #job}; null for any other queue of the VirtualMTA. */
    public static String jobOf(String queue, String virtualMta) {
        String rest = queue.substring(virtualMta(virtualMta).length() + 1);
        return rest.startsWith(JOB) ? unescape(rest.substring(JOB.length())) : null;
    }

    /** The destination of a queue made by {@link #destination}. */
    public static String destinationOf(String queue, String virtualMta) {
        return unescape(queue.substring(virtualMta(virtualMta).length() + 1));
    }

    /** The main queue of the VirtualMTA that a main queue or a split-off one belongs to. */
    public static String mainQueueOf(String queue) {
        int dot = queue.indexOf('.', VMTA.length());
        return dot < 0 ? queue : queue.substring(0, dot);
    }

    /** The VirtualMTA that a main queue or a split-off one belongs to. */
    public static String virtualMtaOf(String queue) {
        return unescape(mainQueueOf(queue).substring(VMTA.length()));
    }

    /** Whether the queue is this VirtualMTA's main queue or one of its split-off ones. */
    public static boolean belongsTo(String queue, String virtualMta) {
        String main = virtualMta(virtualMta);
        return queue.equals(main) || queue.startsWith(main + ".");
    }

    /** The slot of everything that is due at {@code dueEpochSecond}. */
    public static String retrySlot(long dueEpochSecond) {
        return RETRY + dueEpochSecond;
    }

    /** When the slot of that name is due, epoch seconds. */
    public static long due(String retrySlot) {
        return Long.parseLong(retrySlot.substring(RETRY.length()));
    }

    /** Where the messages wait that an operator's order is about. */
    public static String order(long number) {
        return ORDER + number;
    }

    /** The number of a queue made by {@link #order}. */
    public static long orderOf(String queue) {
        return Long.parseLong(queue.substring(ORDER.length()));
    }

    /** A VirtualMTA name holds no plain dot, so that {@code vmta.a.b} is always destination b of VirtualMTA a. */
    private static String safeName(String name) {
        return safe(name).replace(".", "%2e");
    }

    /** Wildcards, blanks and control characters become {@code %} and two hex digits; {@code %} itself too. */
    private static String safe(String s) {
        for (int i = 0; i < s.length(); i++)
            if (special(s.charAt(i)))
                return escape(s);
        return s;
    }

    private static String escape(String s) {
        StringBuilder b = new StringBuilder(s.length() + 8);
        for (char c : s.toCharArray()) {
            if (special(c))
                b.append('%').append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            else
                b.append(c);
        }
        return b.toString();
    }

    private static String unescape(String s) {
        if (s.indexOf('%') < 0)
            return s;
        StringBuilder b = new StringBuilder(s.length());
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            if (c == '%') {
                b.append((char) Integer.parseInt(s, i + 1, i + 3, 16));
                i += 2;
            } else
                b.append(c);
        }
        return b.toString();
    }

    private static boolean special(char c) {
        return c <= ' ' || c == '*' || c == '#' || c == '%' || c == ':' || c == '/' || c == '\\' || c == ','
                || c == 127;
    }
}
