using System;

namespace Ehlo.Protocol;

/// <summary>Who runs a session, and is asked and told what is no step of it.</summary>
internal interface ISessionHost
{
    /// <summary>Whether an extension that could be offered is.</summary>
    bool Offers(Extension extension);

    /// <summary>A method of an extension threw. The client is told 451, and nothing else changes.</summary>
    void ExtensionFailed(string method, Exception exception);
}
