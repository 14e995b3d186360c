package org.caravanmta.config.bounce;

import org.caravanmta.config.yaml.Settings.Place;

import com.google.re2j.Pattern;

/**
 * One line of {@code bounce-category-patterns}: a failure whose reply or status holds the expression is of this category.
 *
 * @param pattern case-insensitive; finds anywhere in a text, in time proportional to its length
 * @param place   file and line
 */
public record CategoryPattern(Pattern pattern, String category, Place place) {
}
