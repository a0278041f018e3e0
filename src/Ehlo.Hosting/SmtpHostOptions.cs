using System;
using System.Collections.Generic;
using Ehlo.Protocol;
using Ehlo.Server;

namespace Ehlo.Hosting;

/// <summary>
/// What a hosted server is made from: bound from configuration, changed by code, checked when the host starts. A property's name is its key.
/// </summary>
public sealed class SmtpHostOptions
{
    /// <summary>The name that the server gives in its greeting: its domain, or an address literal. The machine's name by default.</summary>
    public string ServerName { get; set; } = Environment.MachineName;

    /// <summary>Where connections come in; at least one.</summary>
    public IList<SmtpHostListener> Listeners { get; } = [];

    /// <summary>The limits.</summary>
    public SmtpLimits Limits { get; set; } = new();

    /// <summary>The time-outs.</summary>
    public SmtpTimeouts Timeouts { get; set; } = new();

    /// <summary>CHUNKING: content by BDAT (RFC 3030 section 2). On.</summary>
    public bool Chunking { get; set; } = true;

    /// <summary>BINARYMIME: content that is not lines (RFC 3030 section 3). On.</summary>
    public bool BinaryMime { get; set; } = true;

    /// <summary>SMTPUTF8: UTF-8 in addresses and headers (RFC 6531). On.</summary>
    public bool SmtpUtf8 { get; set; } = true;

    /// <summary>
    /// Whether sessions run on event loops, on Linux: fast, and no handler or filter may block. See
    /// <see cref="SmtpServerOptions.RunOnEventLoop"/>. Off.
    /// </summary>
    public bool RunOnEventLoop { get; set; }

    /// <summary>Further extensions, by code only: see <see cref="SmtpServerOptions.Extensions"/>, whose default this has.</summary>
    public IList<Extension> Extensions { get; } = [.. new SmtpServerOptions().Extensions];

    // Where in the configuration the options come from, for messages.
    internal string Path { get; set; } = nameof(SmtpHostOptions);

    // What could not be read, told together with what is wrong otherwise.
    internal List<string> Misread { get; } = [];
}
