package org.caravanmta.dnscheck;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.apache.james.jspf.core.DNSRequest;
import org.apache.james.jspf.core.DNSService;
import org.apache.james.jspf.core.exceptions.TimeoutException;
import org.caravanmta.dns.RecordLookup;
import org.caravanmta.dns.RecordLookup.Kind;
import org.caravanmta.dns.RecordLookup.Records;

/**
 * The DNS of one SPF evaluation, through our own resolver. Counts the lookups that find nothing, of which RFC 7208
 * §4.6.4 allows two; jSPF counts the terms that look up. One thread.
 */
final class SpfDns implements DNSService {

    static final int MOST_VOID = 2;
    private static final int MOST_MX = 10;

    private final RecordLookup dns;
    private int questions;
    private int voids;
    private boolean tooManyMx;
    private String trouble;

    SpfDns(RecordLookup dns) {
        this.dns = dns;
    }

    /** Records of type SPF are gone (RFC 7208 §3.1): nobody is asked for them. */
    @Override
    public List<String> getRecords(DNSRequest request) throws TimeoutException {
        Kind kind = kind(request.getRecordType());
        if (kind == null)
            return null;
        questions++;
        Records found = dns.find(request.getHostname(), kind);
        if (found.unknown()) {
            trouble = found.detail();
            throw new TimeoutException(found.detail());
        }
        if (found.none() && kind != Kind.TXT)
            voids++;
        tooManyMx |= kind == Kind.MX && found.texts().size() > MOST_MX;
        return found.none() ? null : new ArrayList<>(found.texts());
    }

    private static Kind kind(int type) {
        return switch (type) {
            case DNSRequest.A -> Kind.A;
            case DNSRequest.AAAA -> Kind.AAAA;
            case DNSRequest.MX -> Kind.MX;
            case DNSRequest.PTR -> Kind.PTR;
            case DNSRequest.TXT -> Kind.TXT;
            default -> null;
        };
    }

    int questions() {
        return questions;
    }

    boolean tooManyVoid() {
        return voids > MOST_VOID;
    }

    boolean tooManyMx() {
        return tooManyMx;
    }

    /** Why something could not be looked up; null when everything could. */
    String trouble() {
        return trouble;
    }

    @Override
    public CompletionStage<List<String>> getRecordsAsync(DNSRequest request) {
        try {
            return CompletableFuture.completedStage(getRecords(request));
        } catch (TimeoutException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    @Override
    public List<String> getLocalDomainNames() {
        return List.of();
    }

    @Override
    public void setTimeOut(int seconds) {
        // the resolver's own
    }

    @Override
    public int getRecordLimit() {
        return MOST_MX;
    }

    @Override
    public void setRecordLimit(int limit) {
        // the RFC's
    }
}
