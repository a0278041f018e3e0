using System;
using System.Collections.Generic;
using Ehlo.Server;

namespace Ehlo.Hosting;

/// <summary>An address that connections come in by, with what holds for them, in words that configuration can say.</summary>
public sealed class SmtpHostListener
{
    /// <summary>As <see cref="SmtpListener.Parse"/> reads it: <c>127.0.0.1:2525</c>, <c>*:25</c>, <c>unix:/path</c>. Needed.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>How TLS is used. Not at all by default; other modes need <see cref="Certificates"/>.</summary>
    public TlsMode Tls { get; set; }

    /// <summary>The PEM files to choose from. They are read again when they change.</summary>
    public IList<SmtpHostCertificate> Certificates { get; } = [];

    /// <summary>Whether TLS is needed before mail. No.</summary>
    public bool RequireTls { get; set; }

    /// <summary>Whether AUTH is needed before mail. No.</summary>
    public bool RequireAuthentication { get; set; }

    /// <summary>Whether mechanisms that show a password on the wire are offered without TLS. No (RFC 4954 section 4).</summary>
    public bool AllowPlaintextAuthentication { get; set; }

    /// <summary>Sets by code what configuration cannot say; called last, once, when the host starts.</summary>
    public Action<SmtpListener>? Configure { get; set; }
}
