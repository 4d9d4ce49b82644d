namespace Danelaw.Operator.Setup;

/// <summary>A setup cannot go on, for a reason that the operator can do something about: everything is put back. The message is a phrase without full stop.</summary>
public sealed class SetupException : Exception
{
    /// <summary>Without a reason.</summary>
    public SetupException()
    {
    }

    /// <summary>With a reason.</summary>
    /// <param name="message">What is the case, as a phrase.</param>
    public SetupException(string message)
        : base(message)
    {
    }

    /// <summary>With a reason and what led to it.</summary>
    /// <param name="message">What is the case, as a phrase.</param>
    /// <param name="innerException">What led to it.</param>
    public SetupException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
