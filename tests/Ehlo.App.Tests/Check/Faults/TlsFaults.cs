using System.Collections.Generic;
using System.Security.Authentication;
using static Ehlo.App.Tests.Check.Faults.Fault;

namespace Ehlo.App.Tests.Check.Faults;

/// <summary>What servers do around TLS.</summary>
internal static class TlsFaults
{
    public static IEnumerable<Fault> All { get; } =
    [
        Answers("does not know the STARTTLS that it offers", "^STARTTLS$", "502 5.5.1 Command not implemented"),
        Refuses("knows STARTTLS in capitals only", "^(?-i:starttls)"),
        Answers("takes STARTTLS with an argument", "^STARTTLS .", "220 2.0.0 Go ahead"),
        OutOfOrder("waits for a handshake after a refused STARTTLS", "^NOOP", after: "STARTTLS now"),
        new Fault("fails every handshake") { TlsVersion = SslProtocols.None },
#pragma warning disable CA5397, CS0618, SYSLIB0039 // That it is obsolete is the fault.
        new Fault("has TLS 1.1") { TlsVersion = SslProtocols.Tls11 },
#pragma warning restore CA5397, CS0618, SYSLIB0039
        new Fault("runs under TLS what came in clear") { KeepsInput = true },
        OutOfOrder("takes no hello under TLS", "^[EL]HLO", after: "STARTTLS"),
        Says("offers STARTTLS under TLS", "^[EL]HLO", @"\A250-(.*)", "250-$1\n250-STARTTLS\r", after: "STARTTLS"),
        Answers("takes STARTTLS under TLS", "^STARTTLS", "220 2.0.0 Again", after: "STARTTLS"),
        Takes("keeps the hello over STARTTLS", "^MAIL", after: @"STARTTLS\r\n$"),
        Takes("keeps the transaction over STARTTLS", "^RCPT", after: @"MAIL[^\n]*\nSTARTTLS\r\n[EL]HLO[^\n]*\n$"),
        Takes("keeps the extensions over STARTTLS", "^BDAT", after: @"STARTTLS\r\n$"),
        OutOfOrder("keeps who is authenticated over STARTTLS", "^AUTH", after: "AUTH.*STARTTLS"),
        OutOfOrder("takes no QUIT before a hello under TLS", "^QUIT", after: @"STARTTLS\r\n$"),
    ];
}
