/** The way in by messages of the broker's clients (JMS, AMQP, STOMP): each is a letter, with an answer to it. */
package org.caravanmta.submission.broker;
