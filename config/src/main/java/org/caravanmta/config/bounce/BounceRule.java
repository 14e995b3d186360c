package org.caravanmta.config.bounce;

import java.util.List;

import org.caravanmta.config.yaml.Settings.Place;

/**
 * One rule of our own: a reply that holds one of the phrases, and fits the condition, is of this category.
 *
 * @param name     unique among all rules
 * @param place    file and line
 * @param texts    phrases of words; {@code *} stands for anything or nothing. Empty: the condition alone decides
 * @param category one of {@link Category#KNOWN}
 * @param samples  replies that this rule, and none before it, must hit; at least one
 */
public record BounceRule(String name, Place place, List<String> texts, ReplyCondition when, String category, Hint hint,
        List<String> samples) {
}
