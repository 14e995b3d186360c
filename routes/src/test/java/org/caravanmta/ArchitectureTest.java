package org.caravanmta;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;

/**
 * What each module must not know. Maven keeps the arrow routes → artemis → processors → config; these rules keep what
 * Maven cannot see: libraries that reach a module through others, and cycles between packages.
 */
@AnalyzeClasses(packages = "org.caravanmta", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String CAMEL = "org.apache.camel..";
    private static final String ARTEMIS = "org.apache.activemq..";

    @ArchTest
    static final ArchRule configKnowsNeitherCamelNorTheBrokerNorTheNetwork = noClasses()
            .that(areOfModule("config"))
            .should().dependOnClassesThat(resideInAnyPackage(CAMEL, ARTEMIS, "io.netty..", "java.nio.channels.."))
            .orShould().dependOnClassesThat().belongToAnyOf(Socket.class, ServerSocket.class, DatagramSocket.class);

    @ArchTest
    static final ArchRule artemisIsKnownInItsRoomOnly = noClasses()
            .that().resideOutsideOfPackage("org.caravanmta.artemis..")
            .should().dependOnClassesThat(resideInAPackage(ARTEMIS));

    @ArchTest
    static final ArchRule camelIsKnownToRoutesAndToTheAdaptersOfProcessors = noClasses()
            .that(DescribedPredicate.not(areOfModule("routes")
                    .or(areOfModule("processors").and(resideInAPackage("org.caravanmta..camel..")))))
            .should().dependOnClassesThat(resideInAPackage(CAMEL));

    @ArchTest
    static final ArchRule onlyRoutesKnowTheAdapters = noClasses()
            .that(DescribedPredicate.not(areOfModule("routes"))).and().resideOutsideOfPackage("org.caravanmta..camel..")
            .should().dependOnClassesThat().resideInAPackage("org.caravanmta..camel..");

    @ArchTest
    static final ArchRule nothingIsLookedUpByNameOrDeserialised = noClasses()
            .should().dependOnClassesThat().resideInAPackage("javax.naming..")
            .orShould().dependOnClassesThat().belongToAnyOf(ObjectInputStream.class, ObjectOutputStream.class);

    @ArchTest
    static final ArchRule packagesHaveNoCycles = slices().matching("org.caravanmta.(**)").should().beFreeOfCycles();

    /** Guards the rules above: a class in no module would escape them. */
    @ArchTest
    static final ArchRule everyClassIsOfAModule = classes().should(ArchCondition.from(areOfModule("config")
            .or(areOfModule("processors")).or(areOfModule("artemis")).or(areOfModule("routes"))));

    /** By where the class file was read: the module's output folder, or its jar. */
    private static DescribedPredicate<JavaClass> areOfModule(String module) {
        return describe("are of module " + module, c -> c.getSource().map(s -> s.getUri().toString())
                .filter(u -> u.contains("/" + module + "/target/classes/") || u.contains("/caravan-" + module + "-"))
                .isPresent());
    }
}
