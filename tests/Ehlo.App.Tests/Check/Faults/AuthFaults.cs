using System.Collections.Generic;
using static Ehlo.App.Tests.Check.Faults.Fault;

namespace Ehlo.App.Tests.Check.Faults;

/// <summary>How servers authenticate.</summary>
internal static class AuthFaults
{
    public static IEnumerable<Fault> All { get; } =
    [
        Says("parts mechanisms by commas", "^[EL]HLO", @"AUTH [^\r]*", "AUTH PLAIN,LOGIN"),
        Says("answers an unknown mechanism as a wrong password", "^AUTH XNONE", "^504", "535"),
        Answers("takes no mechanism for an unknown one", "^AUTH$", "504 5.5.4 Unknown mechanism"),
        Answers("authenticates after HELO", "^AUTH PLAIN$", "334 ", after: "HELO"),
        Says("says something in the empty challenge", "^AUTH PLAIN$", "^334 ", "334 Q29udGludWU="),
        Answers("knows mechanisms in capitals only", "^AUTH (?-i:plain)", "504 5.5.4 Unknown mechanism"),
        Says("answers the asterisk as a wrong password", "^[*]$", "^501", "535"),
        OutOfOrder("takes one AUTH, cancelled or not", "^AUTH", after: @"[*]\r\n$"),
        Says("answers what is no base64 as a wrong password", "^!!!$", "^501", "535"),
        Says("answers an initial response that is no base64 as a wrong password", "^AUTH PLAIN !!!$", "^501", "535"),
        Answers("reads responses after what is no base64", "^NOOP$", "334 ", after: @"!!!\r\n$"),
        Answers("takes an equals sign for no response", "^AUTH PLAIN =$", "334 "),
        Answers("takes anybody who says anything", "^AUTH PLAIN Y2", "235 2.7.0 Welcome"),
        Takes("runs commands within the exchange", "^NOOP$", after: @"AUTH PLAIN\r\n$"),
        Answers("has room for 512 octets of a response", "^A{1020}$", "500 5.5.6 Line too long"),
        Answers("asks again for what is too long", "^A{30000}$", "334 "),
        Answers("authenticates in a transaction", "^AUTH PLAIN$", "334 ", after: "MAIL"),
        Answers("does not know the LOGIN that it offers", "^AUTH LOGIN", "504 5.5.4 Unknown mechanism"),
        Says("challenges in clear", "^AUTH CRAM-MD5$", "^334 .*", "334 <1896.697170952@check.example>\r"),
        Answers("drops the initial response", "^AUTH CRAM-MD5 .", "334 PDE4OTYuNjk3MTcwOTUyQGNoZWNrPg=="),
        Answers("does not know the SCRAM that it offers", "^AUTH SCRAM-SHA-256 bi", "504 5.5.4 Unknown mechanism"),
        Answers("does not read SCRAM's first message", "^AUTH SCRAM-SHA-256 Y2", "334 cj1hYmM="),
        Says("answers a right password 250", "^AUTH PLAIN AGFw", "^235", "250"),
        Refuses("wants the password with the command", "^AGFw"),
        OutOfOrder("wants a hello after AUTH", "^MAIL", after: @"AUTH PLAIN AGFw[^\n]*\n$"),
        Says("answers a wrong password as a wrong argument", "^AUTH PLAIN AGNo", "^535", "501"),
        Answers("remembers a wrong password", "^AUTH PLAIN AGFw", "535 5.7.8 Wrong", after: "AUTH PLAIN AGNo"),
        Answers("authenticates twice", "^AUTH", "235 2.7.0 Welcome back", after: @"AUTH PLAIN AGF[^\n]*\n$"),
        Answers("forgets at RSET who is authenticated", "^AUTH", "235 2.7.0 Welcome back", after: @"AGF[^\n]*\nRSET\r\n$"),
        Answers("forgets at a hello who is authenticated", "^AUTH", "235 2.7.0 Welcome back", after: @"AGF[^\n]*\n[EL]HLO[^\n]*\n$"),
        Answers("forgets with the transaction who is authenticated", "^AUTH", "235 2.7.0 Welcome back", after: @"MAIL.*RSET\r\n$"),
    ];
}
