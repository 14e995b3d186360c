@echo off
rem Starts Caravan: caravan run, check, sink or demo. Needs a JDK 25 or newer.
rem   JAVA_HOME      the JDK to use, when it is new enough
rem   JAVA_OPTS      options for the JVM
rem   CARAVAN_OPTS   more of them, for this program only; they win
setlocal EnableExtensions
for %%d in ("%~dp0..") do set "DIST=%%~fd"
if not defined CARAVAN_GC set "CARAVAN_GC=-XX:+UseParallelGC"

set "JAVA="
if defined JAVA_HOME call :try "%JAVA_HOME%"
if defined JAVA goto found
for %%j in (java.exe) do if not "%%~$PATH:j"=="" call :try "%%~dp$PATH:j.."
if defined JAVA goto found
for /d %%d in ("%ProgramFiles%\Eclipse Adoptium\*" "%ProgramFiles%\Java\*" "%ProgramFiles%\Microsoft\jdk*" "%USERPROFILE%\.jdks\*") do call :try "%%~d"
if defined JAVA goto found
echo caravan: found no Java 25 or newer in JAVA_HOME, PATH, Program Files or .jdks. 1>&2
echo          Install one and try again, for example Eclipse Temurin 25: https://adoptium.net 1>&2
exit /b 3

:found
"%JAVA%" -Djdk.tls.rejectClientInitiatedRenegotiation=true -Dio.netty.noUnsafe=false --enable-native-access=ALL-UNNAMED -XX:+UseCompactObjectHeaders %CARAVAN_GC% %JAVA_OPTS% %CARAVAN_OPTS% "-Dcaravan.dist=%DIST%" -cp "%DIST%\conf;%DIST%\lib\*" org.caravanmta.cli.Caravan %*
exit /b %ERRORLEVEL%

rem The folder's release file says JAVA_VERSION="25.0.1"
:try
if defined JAVA exit /b
if not exist "%~1\bin\java.exe" exit /b
if not exist "%~1\release" exit /b
for /f "tokens=2 delims==." %%v in ('findstr /b JAVA_VERSION^= "%~1\release"') do set "MAJOR=%%~v"
set "MAJOR=%MAJOR:"=%"
if "%MAJOR%"=="" exit /b
if %MAJOR% GEQ 25 set "JAVA=%~1\bin\java.exe"
exit /b
