package org.caravanmta;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
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

import org.junit.jupiter.api.Test;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;

/**
 * What each module must not know. Maven keeps the arrow routes → artemis → processors → config; these rules keep what
 * Maven cannot see: libraries that reach a module through others, and cycles between packages.
 * <p>
 * Plain test methods: Surefire 3.5.3 and newer silently run none of the rules that are fields (ArchUnit issue 1442).
 */
class ArchitectureTest {

    private static final String CAMEL = "org.apache.camel..";
    private static final String ARTEMIS = "org.apache.activemq..";
    private static final JavaClasses CARAVAN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("org.caravanmta");

    @Test
    void configKnowsNeitherCamelNorTheBrokerNorTheNetwork() {
        noClasses().that(areOfModule("config"))
                .should().dependOnClassesThat(resideInAnyPackage(CAMEL, ARTEMIS, "io.netty..", "java.nio.channels.."))
                .orShould().dependOnClassesThat().belongToAnyOf(Socket.class, ServerSocket.class, DatagramSocket.class)
                .check(CARAVAN);
    }

    @Test
    void theBrokerIsKnownInItsRoomOnly() {
        noClasses().that(not(areOfModule("artemis").or(areOfModule("client"))))
                .should().dependOnClassesThat(resideInAPackage(ARTEMIS))
                .check(CARAVAN);
    }

    /** It goes into programs of others. */
    @Test
    void theClientStandsAlone() {
        noClasses().that(areOfModule("client"))
                .should().dependOnClassesThat(not(areOfModule("client")).and(resideInAPackage("org.caravanmta..")))
                .check(CARAVAN);
        noClasses().that(not(areOfModule("client"))).should().dependOnClassesThat(areOfModule("client"))
                .check(CARAVAN);
    }

    @Test
    void camelIsKnownToRoutesAndToTheAdaptersOfProcessors() {
        noClasses().that(not(areOfModule("routes").or(areOfModule("processors").and(areAdapters()))))
                .should().dependOnClassesThat(resideInAPackage(CAMEL))
                .check(CARAVAN);
    }

    @Test
    void onlyRoutesKnowTheAdapters() {
        noClasses().that(not(areOfModule("routes").or(areAdapters())))
                .should().dependOnClassesThat(areAdapters())
                .check(CARAVAN);
    }

    @Test
    void nothingIsLookedUpByNameOrDeserialised() {
        noClasses().should().dependOnClassesThat().resideInAPackage("javax.naming..")
                .orShould().dependOnClassesThat().belongToAnyOf(ObjectInputStream.class, ObjectOutputStream.class)
                .check(CARAVAN);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("org.caravanmta.(**)").should().beFreeOfCycles().check(CARAVAN);
    }

    /** Guards the rules above: a class in no module would escape them. */
    @Test
    void everyClassIsOfAModule() {
        classes().should(ArchCondition.from(areOfModule("config").or(areOfModule("processors"))
                .or(areOfModule("artemis")).or(areOfModule("routes")).or(areOfModule("client")))).check(CARAVAN);
    }

    private static DescribedPredicate<JavaClass> areAdapters() {
        return resideInAPackage("org.caravanmta..camel..");
    }

    /** By where the class file was read: the module's output folder, or its jar. */
    private static DescribedPredicate<JavaClass> areOfModule(String module) {
        return describe("are of module " + module, c -> c.getSource().map(s -> s.getUri().toString())
                .filter(u -> u.contains("/" + module + "/target/classes/") || u.contains("/caravan-" + module + "-"))
                .isPresent());
    }
}
