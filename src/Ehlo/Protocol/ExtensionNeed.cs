namespace Ehlo.Protocol;

/// <summary>What an envelope wants of an extension.</summary>
internal enum ExtensionNeed : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Its parameters, where it is offered.</summary>
    Wanted,

    /// <summary>Its parameters; where it is not offered the message cannot be sent as it was meant.</summary>
    Needed,
}
