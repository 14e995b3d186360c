/**
 * What an operator says about queues and messages: which ones are meant, and which queues are paused. Values only; who
 * carries it out is {@code org.caravanmta.operate}.
 */
package org.caravanmta.steering;
