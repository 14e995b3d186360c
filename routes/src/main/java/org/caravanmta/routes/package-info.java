/**
 * The way of a message as Camel routes: read {@link org.caravanmta.routes.SubmissionRoutes}, then
 * {@link org.caravanmta.routes.DeliveryRoutes}. Routes coordinate, they do not compute: each step is one line with an
 * id, and the work is done in the processors room.
 */
package org.caravanmta.routes;
